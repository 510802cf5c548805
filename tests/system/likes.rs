//! The blueprint `recommend` alive: its requests, and its recommender killed in between.

use nix::sys::signal::Signal;
use serde_json::{Value, json};

use super::shop::hit;
use super::system;
use crate::support::checks::lint_and_test;
use crate::support::generated::cargo;
use crate::support::systems::{SystemUp, requests, statuses};

const ALL: [&str; 6] = ["catalog", "events", "gateway", "orders", "profiles", "recommender"];
/// A sample user.
const ADA: &str = "0197a1b2-c3d4-7e5f-8a6a-000000000001";

#[test]
fn recommendations_follow_what_users_do_and_outlive_their_service() {
    let (_parent, dir) = system("likes", "recommend");
    cargo(&dir, &["fmt", "--all", "--check"], &[]);
    lint_and_test(&dir, &["--locked"]);
    let up = SystemUp::start(&dir, &[], &ALL);
    let told = requests(&dir, up.url("gateway"));
    let expected = [201, 200, 200, 201, 200, 200, 200, 201, 200, 422, 400, 405, 200];
    assert_eq!(statuses(&told), expected, "{told}");
    let recommended: Vec<&str> = told.lines().filter(|line| line.starts_with("GET /recommendations/")).collect();
    let jacket = r#"[{"product":"0197a1b2-c3d4-7e5f-8a6b-000000000012""#;
    assert!(recommended[0].contains(r#""because":"favourite"}],"missing":null}"#), "{told}");
    assert!(recommended[1].contains(jacket) && recommended[1].contains(r#""because":"alike""#), "{told}");
    assert!(!recommended[2].contains("8a6b-000000000012"), "what was bought is recommended no more: {told}");

    // The model dies with the process, and is made again from what is stored.
    let url = format!("{}/recommendations/{ADA}", up.url("recommender"));
    let before = get(&url).unwrap();
    hit(&dir, "recommender", Signal::SIGKILL);
    let after = (0..600).find_map(|_| {
        std::thread::sleep(std::time::Duration::from_millis(100));
        get(&url)
    });
    assert_eq!(after, Some(before));
    // So is what events told of: from views and orders.
    let rebuilt = ureq::post(format!("{}/rebuild", up.url("recommender"))).send_json(json!({})).unwrap();
    assert_eq!(rebuilt.into_body().read_json::<Value>().unwrap(), json!({ "read": 2 }));
    assert_eq!(up.stop().0, Some(0));
}

fn get(url: &str) -> Option<Value> {
    ureq::get(url).call().ok()?.body_mut().read_json().ok()
}
