//! Cases are opened by events, each once, and end when somebody has decided.

use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use cases::handler::Events;
use chassis::{Background, inbox};
use serde_json::{Value, json};
use tokio::time::sleep;

use crate::support::Service;

/// A service that handles events.
async fn told() -> (Service, Background) {
    let service = Service::start().await;
    let settings = inbox::Settings {
        nats_url: String::new(),
        attempts: 3,
        concurrency: 2,
        retention: Duration::from_hours(1),
    };
    let background = Background::default();
    inbox::start(Events, &settings, "here", &service.database, &background);
    (service, background)
}

async fn tell(service: &Service, id: &str, number: u32, decision: &str) {
    let by_default = number == 3;
    let event = json!({
        "specversion": "1.0", "source": "/ingest", "id": id, "type": "transaction.assessed",
        "data": {
            "transaction": format!("0197a1b2-c3d4-7e5f-8a6b-{number:012}"),
            "card": "c-1",
            "amount": "12.50",
            "country": "DE",
            "at": "2026-03-31T12:00:00Z",
            "decision": decision,
            "score": if by_default { Value::Null } else { json!(512) },
            "reasons": ["Rule burst: Five or more payments within an hour."],
            "features": if by_default { Value::Null } else { json!({ "amount": 12.5 }) },
        },
    });
    let request = Request::post("/events").header("content-type", "application/cloudevents+json");
    let request = request.body(Body::from(event.to_string())).unwrap();
    assert_eq!(service.send(request).await.status, StatusCode::ACCEPTED);
}

/// All cases, as soon as there is one of this transaction.
async fn cases_with(service: &Service, number: u32) -> Vec<Value> {
    let transaction = json!(format!("0197a1b2-c3d4-7e5f-8a6b-{number:012}"));
    for _ in 0..1500 {
        let cases = service.call("GET", "/cases").await.body;
        let cases = cases.as_array().unwrap();
        if cases.iter().any(|case| case["transaction"] == transaction) {
            return cases.clone();
        }
        sleep(Duration::from_millis(20)).await;
    }
    panic!("there is no case of {transaction}");
}

#[tokio::test]
async fn what_was_not_approved_has_one_case() {
    let (service, background) = told().await;
    tell(&service, "1", 1, "review").await;
    tell(&service, "1", 1, "review").await;
    tell(&service, "again", 1, "review").await;
    tell(&service, "2", 2, "approve").await;
    tell(&service, "3", 3, "review").await;
    tell(&service, "4", 4, "decline").await;
    tell(&service, "5", 5, "ponder").await;
    let cases = cases_with(&service, 5).await;
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
    background.stop().await;
}

#[tokio::test]
async fn a_case_is_decided_once_and_stays_so() {
    let (service, background) = told().await;
    tell(&service, "1", 1, "decline").await;
    let cases = cases_with(&service, 1).await;
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
    let cases = cases_with(&service, 2).await;
    let status: Vec<&Value> = cases.iter().map(|case| &case["status"]).collect();
    assert_eq!(status, ["fraud", "open"]);

    let nowhere = "/cases/0197a1b2-c3d4-7e5f-8a6b-000000000099/finding";
    let nowhere = service.call_with("POST", nowhere, &otherwise).await;
    nowhere.problem(StatusCode::NOT_FOUND);
    let wrong = service
        .call_with("POST", &path, &json!({ "fraud": "yes" }))
        .await;
    assert_eq!(wrong.problem(StatusCode::BAD_REQUEST), ["fraud"]);
    background.stop().await;
}
