//! The classifier learns from the samples of now, whoever changes them.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::support::Service;

async fn likeliest(service: &Service, text: &str) -> Value {
    let question = json!({ "text": text });
    let verdict = service.call_with("POST", "/classify", &question).await;
    assert_eq!(verdict.status, StatusCode::OK, "{}", verdict.body);
    verdict.body["guesses"][0].clone()
}

async fn teach(service: &Service, text: &str, intent: &str) -> String {
    let sample = json!({ "text": text, "intent": intent });
    let created = service.call_with("POST", "/samples", &sample).await;
    assert_eq!(created.status, StatusCode::CREATED, "{}", created.body);
    created.header("location").to_owned()
}

#[tokio::test]
async fn what_is_taught_counts_at_once() {
    let service = Service::start().await;
    assert_eq!(likeliest(&service, "refund late").await, Value::Null);
    teach(&service, "refund money", "returns").await;
    let parcel = teach(&service, "ship parcel late", "delivery").await;
    // By hand: 64 : 49, see `classify/bayes.rs`.
    let returns = json!({ "intent": "returns", "probability": 0.566 });
    assert_eq!(likeliest(&service, "refund late").await, returns);

    let other = json!({ "text": "ship parcel late refund late", "intent": "delivery" });
    let changed = service.call_with("PUT", &parcel, &other).await;
    assert_eq!(changed.status, StatusCode::OK, "{}", changed.body);
    assert_eq!(
        likeliest(&service, "refund late").await["intent"],
        "delivery"
    );
    service.call("DELETE", &parcel).await;
    let only = json!({ "intent": "returns", "probability": 1.0 });
    assert_eq!(likeliest(&service, "refund late").await, only);
}

#[tokio::test]
async fn a_question_has_words_and_an_end() {
    let service = Service::start().await;
    for text in ["", &"a".repeat(2001)] {
        let question = json!({ "text": text });
        let refused = service.call_with("POST", "/classify", &question).await;
        assert_eq!(refused.problem(StatusCode::BAD_REQUEST), ["text"]);
    }
}
