//! Payments are judged, or left to people when there is no time to.

use std::time::Duration;

use axum::http::StatusCode;
use chassis::client::Address;
use serde_json::{Value, json};

use crate::bench::{Bench, features, quiet};

/// More than enough.
const PATIENCE: Duration = Duration::from_mins(1);

#[tokio::test]
async fn a_payment_gets_score_and_reasons() {
    let told = quiet(&json!({ "hour_count": 4.0, "ratio": 5.0 }));
    let service = Bench::start(features(Some(told.clone())).await, PATIENCE).await;
    let expected = json!({
        "decision": "review",
        "score": 750,
        "basis": "rules",
        "model": null,
        "reasons": [
            "Rule burst: Five or more payments within an hour.",
            "Rule far-above-usual: Five times the card's mean, or more.",
        ],
        "features": told,
    });
    assert_eq!(service.assess().await, expected);

    // A model that says one half whatever comes, but for the ratio, by which the odds double.
    let two = 2.0_f64.ln();
    let terms = json!([
        { "feature": "ratio", "log": false, "mean": 4.0, "weight": two },
        { "feature": "night", "log": false, "mean": 0.0, "weight": 0.5 },
    ]);
    service
        .publish(1, &json!({ "bias": 0.0, "terms": terms }))
        .await;
    let models = service.models(1).await;
    assert_eq!(models["model"], 1, "{models}");
    // The model says 2/3: fraud is missed by both in (1 - 3/4) * (1 - 2/3) of all cases.
    let judged = service.assess().await;
    assert_eq!(
        (&judged["score"], &judged["decision"]),
        (&json!(917), &json!("decline"))
    );
    assert_eq!(
        (&judged["basis"], &judged["model"]),
        (&json!("rules_and_model"), &json!(1))
    );
    let reason = "Model: the multiple of the card's mean makes the odds 2.0 times as high.";
    assert_eq!(judged["reasons"][2], reason);
    service.stop().await;
}

/// The safe default.
fn is_default(judged: &Value, why: &str) {
    let expected = json!({
        "decision": "review", "score": null, "basis": "default", "model": null,
        "reasons": [why], "features": null,
    });
    assert_eq!(*judged, expected);
}

#[tokio::test]
async fn without_features_somebody_has_to_look() {
    let service = Bench::start(Address::local(1), PATIENCE).await;
    let why = "The card's past is not known: it cannot be reached.";
    is_default(&service.assess().await, why);
    service.stop().await;
}

#[tokio::test]
async fn late_features_are_not_waited_for() {
    let service = Bench::start(features(None).await, Duration::from_millis(30)).await;
    let why = "The card's past is not known: it was not told in time.";
    is_default(&service.assess().await, why);
    service.stop().await;
}

#[tokio::test]
async fn what_is_no_payment_is_refused() {
    let service = Bench::start(Address::local(1), PATIENCE).await;
    let wrong = json!({ "card": "", "amount": 0, "country": "Germany" });
    let (status, problem) = service.send("POST", "/assessments", &wrong).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert_eq!(problem["errors"].as_array().unwrap().len(), 5, "{problem}");
    service.stop().await;
}
