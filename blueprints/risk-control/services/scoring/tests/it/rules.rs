//! Rules change without a restart, and only for those that are right.

use std::time::Duration;

use axum::http::StatusCode;
use scoring::current::Current;
use serde_json::{Value, json};

use crate::bench::{Bench, features, quiet};

/// Everything is reviewed.
fn strict() -> Value {
    json!({
        "review_at": 10,
        "decline_at": 900,
        "rules": [{
            "name": "any",
            "when": [{ "feature": "amount", "at_least": 0.0 }],
            "points": 1,
            "reason": "Whatever it is.",
        }],
    })
}

#[tokio::test]
async fn rules_change_without_a_restart() {
    let told = features(Some(quiet(&json!({})))).await;
    let service = Bench::start(told, Duration::from_mins(1)).await;
    assert_eq!(service.assess().await["decision"], "approve");
    let (status, replaced) = service.send("PUT", "/rules", &strict()).await;
    assert_eq!(
        (status, &replaced["revision"]),
        (StatusCode::OK, &json!(1)),
        "{replaced}"
    );
    let judged = service.assess().await;
    assert_eq!(
        (&judged["decision"], &judged["score"]),
        (&json!("review"), &json!(10))
    );
    assert_eq!(judged["reasons"], json!(["Rule any: Whatever it is."]));

    // Another process finds them, too.
    let other = Current::new().unwrap();
    assert_eq!(other.get().revision, 0);
    other.reload(&service.service.database).await.unwrap();
    assert_eq!(other.get().revision, 1);
    assert_eq!(other.get().judge.rules.rules[0].name, "any");
    service.stop().await;
}

#[tokio::test]
async fn broken_rules_are_refused_and_the_old_ones_stay() {
    let told = features(Some(quiet(&json!({})))).await;
    let service = Bench::start(told, Duration::from_mins(1)).await;
    service.send("PUT", "/rules", &strict()).await;
    let change = |pointer: &str, value: Value| {
        let mut rules = strict();
        *rules.pointer_mut(pointer).unwrap() = value;
        rules
    };
    let mut twice = strict();
    twice["rules"] = json!([strict()["rules"][0], strict()["rules"][0]]);
    for (broken, field) in [
        (json!({}), "review_at"),
        (change("/review_at", json!(901)), "review_at"),
        (change("/decline_at", json!(1001)), "decline_at"),
        (change("/rules/0/points", json!(0)), "rules[0].points"),
        (change("/rules/0/name", json!("")), "rules[0].name"),
        (change("/rules/0/when", json!([])), "rules[0].when"),
        (change("/rules/0/when/0/feature", json!("mood")), ""),
        (change("/rules/0/when/0/at_least", json!("much")), ""),
        (twice, "rules[1].name"),
    ] {
        let (status, problem) = service.send("PUT", "/rules", &broken).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{broken}");
        assert_eq!(problem["errors"][0]["field"], field, "{problem}");
    }
    let (_, rules) = service.send("GET", "/rules", &Value::Null).await;
    assert_eq!(rules, json!({ "revision": 1, "rules": strict() }));
    assert_eq!(service.assess().await["score"], 10);
    service.stop().await;
}
