//! The blueprint `risk-control` alive: its requests, and transactions that come in while scoring or features are away.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use serde_json::{Value, json};

use super::shop::{get, hit};
use super::system;
use crate::support::checks::lint_and_test;
use crate::support::generated::cargo;
use crate::support::systems::{SystemUp, requests};

const ALL: [&str; 6] = ["cases", "features", "gateway", "ingest", "scoring", "training"];

/// Events arrive sooner, even on a busy machine.
const PATIENCE: Duration = Duration::from_mins(2);

/// On a busy machine nothing is in time: where no service is away, nobody shall be late.
fn patient(dir: &Path) {
    for (service, deadline) in [("ingest", "SCORING_DEADLINE_MS=60000"), ("scoring", "FEATURES_DEADLINE_MS=2000")] {
        std::fs::write(dir.join(format!("services/{service}/.env")), deadline).unwrap();
    }
}

#[test]
fn transactions_are_judged_or_left_to_people() {
    let (_parent, dir): (_, PathBuf) = system("risk-control", "risk-control");
    cargo(&dir, &["fmt", "--all", "--check"], &[]);
    lint_and_test(&dir, &["--locked"]);
    patient(&dir);
    let up = SystemUp::start(&dir, &[], &ALL);
    insta::assert_snapshot!("risk_control", anonymous(&requests(&dir, up.url("gateway"))));

    // Features hang: scoring says so before its own deadline, and ingest takes the transaction in.
    let pid = hit(&dir, "features", Signal::SIGSTOP);
    let hung = take_in(&up, "hung");
    kill(pid, Signal::SIGCONT).unwrap();
    assert_eq!((&hung["basis"], &hung["decision"]), (&json!("default"), &json!("review")), "{hung}");
    assert_eq!(hung["reasons"], json!(["The card's past is not known: it was not told in time."]));
    // Scoring dies, and is started again.
    hit(&dir, "scoring", Signal::SIGKILL);
    let killed = take_in(&up, "killed");
    for transaction in [&hung, &killed] {
        if transaction["basis"] == "default" {
            assert_eq!(case_of(&up, transaction)["status"], "open");
        }
    }
    // The model outlives the process: it is in its database.
    let model = waited(|| {
        let judged = take_in(&up, "later");
        (judged["basis"] == "rules_and_model").then_some(judged)
    });
    assert_eq!(model["model"], 1, "{model}");
    // Nothing of what was taken in is lost: features has it all in the end.
    for card in ["hung", "killed"] {
        let path = format!("{}/cards/{card}/movements", up.url("gateway"));
        let movements = waited(|| get(&path, "").as_array().filter(|all| !all.is_empty()).cloned());
        assert_eq!(movements.len(), 1, "{movements:?}");
    }
    assert_eq!(up.stop().0, Some(0));
}

/// The same with names for what differs from run to run.
fn anonymous(text: &str) -> String {
    let ids = regex::Regex::new(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}").unwrap();
    let cards = regex::Regex::new(r"card-\d+").unwrap();
    cards.replace_all(&ids.replace_all(text, "[id]"), "[card]").into_owned()
}

/// A transaction that was taken in, whoever is away.
fn take_in(up: &SystemUp, card: &str) -> Value {
    let body = json!({ "card": card, "amount": "10.00", "country": "DE" });
    let mut answer = ureq::post(format!("{}/transactions", up.url("gateway"))).send_json(body).unwrap();
    assert_eq!(answer.status(), 201);
    answer.body_mut().read_json().unwrap()
}

fn case_of(up: &SystemUp, transaction: &Value) -> Value {
    let id = transaction["id"].as_str().unwrap();
    let path = format!("{}/cases?transaction={id}", up.url("gateway"));
    waited(|| get(&path, "").as_array().and_then(|cases| cases.first().cloned()))
}

/// What there is in the end.
fn waited<T>(mut look: impl FnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(begun.elapsed() < PATIENCE, "it never came");
        std::thread::sleep(Duration::from_millis(100));
    }
}
