//! Risk control: transactions that come in while pods of all services end. Each is decided, told of, and known to all who
//! have to know.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::cluster::Deployed;
use crate::load::{post, requests};
use crate::systems::{end_all, ids};

/// By when all events have arrived.
const PATIENCE: Duration = Duration::from_mins(3);

#[test]
fn risk_control_loses_no_transaction_whichever_pods_end() {
    let system = Deployed::new("risk-control");
    system.three("ingest");
    system.deploy();
    let entrance = system.address("gateway");
    post(&format!("{entrance}/trainings"), &[], &json!({}), &[201]).unwrap();
    let url = format!("{entrance}/transactions");
    let take_in = |key: &str| {
        // A few hundred cards: some are used often enough to be looked at.
        let body = json!({ "card": &key[..2], "amount": "12.50", "country": "DE" });
        post(&url, &[("idempotency-key", key)], &body, &[201])
    };
    let seen = requests(take_in, || end_all(&system, &["ingest", "scoring", "features", "cases", "gateway"]));
    let answered = ids(&seen, |transaction| transaction["id"].as_str().unwrap().to_owned());
    let by_default = seen.answers.iter().filter(|transaction| transaction["basis"] == "default").count();
    println!("{by_default} of {} transactions were decided by default", seen.answers.len());

    assert_eq!(rows(&system, "ingest", "SELECT id FROM transactions"), answered, "none lost, none twice");
    told(&system, "features", "SELECT transaction_id FROM movements", &answered);
    let suspicious = rows(&system, "ingest", "SELECT id FROM transactions WHERE decision <> 'approve'");
    told(&system, "cases", "SELECT transaction FROM cases", &suspicious);
    system.msvc(&["delete", "--yes"]).run().success();
}

/// Waits until a service knows of these transactions, and of no others.
fn told(system: &Deployed, service: &str, sql: &str, expected: &BTreeSet<String>) {
    let since = Instant::now();
    loop {
        let known = rows(system, service, sql);
        if known == *expected {
            return;
        }
        assert!(known.is_subset(expected), "{service} knows of more");
        assert!(since.elapsed() < PATIENCE, "{service} knows {} of {}", known.len(), expected.len());
        std::thread::sleep(Duration::from_secs(1));
    }
}

fn rows(system: &Deployed, service: &str, sql: &str) -> BTreeSet<String> {
    system.query(service, sql).lines().map(str::to_owned).collect()
}
