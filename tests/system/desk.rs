//! The blueprint `support-desk` alive: its requests, and questions whose services are killed or hung while they are asked.

use nix::sys::signal::{Signal, kill};
use serde_json::{Value, json};

use super::shop::hit;
use super::system;
use crate::support::checks::lint_and_test;
use crate::support::generated::cargo;
use crate::support::systems::{SystemUp, requests, statuses};

const ALL: [&str; 5] = ["agents", "dialogue", "gateway", "intent", "knowledge"];

/// What the requests are answered with, one after the other.
const STATUSES: [u16; 24] = [
    201, 201, 201, 201, 201, 201, 201, 200, 409, 200, 204, 200, 201, 200, 200, 200, 201, 200, 200, 204, 200, 400, 409,
    405,
];

#[test]
fn questions_are_answered_by_articles_or_people_whoever_is_away() {
    let (_parent, dir) = system("desk", "support-desk");
    cargo(&dir, &["fmt", "--all", "--check"], &[]);
    lint_and_test(&dir, &["--locked"]);
    let up = SystemUp::start(&dir, &[], &ALL);
    let told = requests(&dir, up.url("gateway"));
    assert_eq!(statuses(&told), STATUSES, "{told}");
    // The topic of the question before, the only hit that was taught, and the answer of a person.
    for line in [r#""text":"And what does it cost?","topic":"returns","status":"answered""#, r#""score":0.333}]}"#] {
        assert!(told.contains(line), "{line}: {told}");
    }
    assert!(told.contains(r#""status":"replied","reason":"unanswered","answer":"Only the striped kind.""#), "{told}");

    let conversation = post(&format!("{}/conversations", up.url("gateway")), &json!({ "customer": "Grace" }));
    let questions = format!("{}/conversations/{}/questions", up.url("gateway"), conversation["id"].as_str().unwrap());
    let ask = || post(&questions, &json!({ "text": "Do you ship abroad?" }));
    let told = |question: &Value| ["status", "reason", "missing"].map(|name| question[name].clone());
    let before = ask();
    assert_eq!(told(&before), [json!("answered"), Value::Null, Value::Null], "{before}");

    // The knowledge base hangs: the answer says so, and a person has the question.
    let pid = hit(&dir, "knowledge", Signal::SIGSTOP);
    let degraded = ask();
    kill(pid, Signal::SIGCONT).unwrap();
    assert_eq!(told(&degraded), ["escalated", "unavailable", "knowledge"], "{degraded}");
    assert!(degraded["answer"].as_str().unwrap().contains("can't be searched at the moment"), "{degraded}");

    // It dies, and its index with it: the index is made again from the articles.
    hit(&dir, "knowledge", Signal::SIGKILL);
    let again = (0..600).map(|_| ask()).find(|question| {
        std::thread::sleep(std::time::Duration::from_millis(100));
        question["status"] == "answered"
    });
    let again = again.expect("it never came back");
    assert_eq!((&again["answer"], &again["article"]), (&before["answer"], &before["article"]));
    assert_eq!(up.stop().0, Some(0));
}

fn post(url: &str, body: &Value) -> Value {
    ureq::post(url).send_json(body).unwrap().body_mut().read_json().unwrap()
}
