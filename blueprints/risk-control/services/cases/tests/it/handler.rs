//! Cases are opened by events, each once, and end when somebody has decided.

use axum::http::StatusCode;
use cases::handler::Events;
use serde_json::{Value, json};

use crate::support::Service;
use crate::support::inbox::{Inbox, event};

/// A service that handles events.
async fn told() -> (Service, Inbox) {
    let service = Service::start().await;
    let inbox = Inbox::start(Events, 3, &service);
    (service, inbox)
}

async fn tell(service: &Service, id: &str, number: u32, decision: &str) {
    let by_default = number == 3;
    let data = json!({
        "transaction": format!("0197a1b2-c3d4-7e5f-8a6b-{number:012}"),
        "card": "c-1",
        "amount": "12.50",
        "country": "DE",
        "at": "2026-03-31T12:00:00Z",
        "decision": decision,
        "score": if by_default { Value::Null } else { json!(512) },
        "reasons": ["Rule burst: Five or more payments within an hour."],
        "features": if by_default { Value::Null } else { json!({ "amount": 12.5 }) },
    });
    let answer = service
        .tell(&event("transaction.assessed", id, &data))
        .await;
    assert_eq!(answer.status, StatusCode::ACCEPTED);
}

/// All cases, when everything was handled.
async fn opened(service: &Service, inbox: &Inbox) -> Vec<Value> {
    assert!(inbox.dead_letters().await.is_empty());
    let cases = service.call("GET", "/cases").await.body;
    cases.as_array().unwrap().clone()
}

#[tokio::test]
async fn what_was_not_approved_has_one_case() {
    let (service, inbox) = told().await;
    tell(&service, "1", 1, "review").await;
    tell(&service, "1", 1, "review").await;
    tell(&service, "again", 1, "review").await;
    tell(&service, "2", 2, "approve").await;
    tell(&service, "3", 3, "review").await;
    tell(&service, "4", 4, "decline").await;
    tell(&service, "5", 5, "ponder").await;
    let cases = opened(&service, &inbox).await;
    let told: Vec<Value> = cases
        .iter()
        .map(|case| {
            json!([
                case["decision"],
                case["score"],
                case["features"],
                case["status"]
            ])
        })
        .collect();
    let known = json!({ "amount": 12.5 });
    assert_eq!(
        told,
        [
            json!(["review", 512, known, "open"]),
            json!(["review", null, null, "open"]),
            json!(["decline", 512, known, "open"]),
            json!(["review", 512, known, "open"]),
        ]
    );
    inbox.stop().await;
}

#[tokio::test]
async fn a_case_is_decided_once_and_stays_so() {
    let (service, inbox) = told().await;
    tell(&service, "1", 1, "decline").await;
    let cases = opened(&service, &inbox).await;
    let path = format!("/cases/{}/finding", cases[0]["id"].as_str().unwrap());
    let finding = json!({ "fraud": true, "note": "The owner knows nothing of it." });
    let decided = service.call_with("POST", &path, &finding).await;
    assert_eq!(decided.status, StatusCode::OK, "{}", decided.body);
    assert_eq!(decided.body["status"], "fraud");
    assert_eq!(decided.body["note"], finding["note"]);
    let otherwise = json!({ "fraud": false });
    let late = service.call_with("POST", &path, &otherwise).await;
    late.problem(StatusCode::CONFLICT);

    // It is told of once more, under another id, and before something else.
    tell(&service, "again", 1, "decline").await;
    tell(&service, "2", 2, "review").await;
    let cases = opened(&service, &inbox).await;
    let status: Vec<&Value> = cases.iter().map(|case| &case["status"]).collect();
    assert_eq!(status, ["fraud", "open"]);

    let nowhere = "/cases/0197a1b2-c3d4-7e5f-8a6b-000000000099/finding";
    let nowhere = service.call_with("POST", nowhere, &otherwise).await;
    nowhere.problem(StatusCode::NOT_FOUND);
    let wrong = service
        .call_with("POST", &path, &json!({ "fraud": "yes" }))
        .await;
    assert_eq!(wrong.problem(StatusCode::BAD_REQUEST), ["fraud"]);
    inbox.stop().await;
}
