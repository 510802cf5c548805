//! Transactions, taken in whoever else is away.

use std::future::pending;
use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use axum::routing::post;
use axum::{Extension, Json, Router};
use chassis::app::{self, Limits};
use chassis::client::Address;
use http_body_util::BodyExt;
use ingest::assess::Deadline;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tower::ServiceExt;

use crate::support::subscriber::Subscriber;
use crate::support::{Service, clients, nobody};

/// Scoring, which says the same of all payments, or never anything.
async fn scoring(assessment: Option<Value>) -> Address {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let answer = async move || match assessment {
        Some(assessment) => Json(assessment),
        None => pending().await,
    };
    let app = Router::new().route("/assessments", post(answer));
    tokio::spawn(axum::serve(listener, app).into_future());
    Address::local(port)
}

fn declined() -> Value {
    json!({
        "decision": "decline", "score": 917, "basis": "rules_and_model", "model": 3,
        "reasons": ["Rule burst: Five or more payments within an hour."],
        "features": { "hour_count": 4.0 },
    })
}

fn payment() -> Value {
    json!({ "card": "c-1", "amount": "12.50", "country": "DE", "at": "2026-03-31T12:00:00Z" })
}

/// Sends a transaction, with a key, to a service that finds scoring there.
async fn take_in(service: &Service, scoring: &Address, millis: u64, key: &str) -> Value {
    let deadline = Deadline(Duration::from_millis(millis));
    let api = ingest::api(&clients(scoring)).layer(Extension(deadline));
    let app = app::build(api, service.database.clone(), Limits::default());
    let request = Request::post("/transactions").header("content-type", "application/json");
    let request = request.header("idempotency-key", key);
    let request = request.body(Body::from(payment().to_string())).unwrap();
    let answer = app.oneshot(request).await.unwrap();
    assert_eq!(answer.status(), StatusCode::CREATED);
    let body = answer.into_body().collect().await.unwrap().to_bytes();
    serde_json::from_slice(&body).unwrap()
}

#[tokio::test]
async fn a_transaction_is_decided_stored_and_told_of_once() {
    let service = Service::start().await;
    let mut events = Subscriber::start(&service.database, "").await;
    let scoring = scoring(Some(declined())).await;
    let first = take_in(&service, &scoring, 60_000, "a").await;
    for (field, value) in declined().as_object().unwrap() {
        assert_eq!(first[field], *value, "{field}");
    }
    assert_eq!(first["at"], "2026-03-31T12:00:00.000000Z");
    // Whoever heard nothing sends it again, and by then scoring may be away.
    let again = take_in(&service, &nobody(), 60_000, "a").await;
    assert_eq!(again, first);
    let other = take_in(&service, &scoring, 60_000, "b").await;
    assert_ne!(other["id"], first["id"]);

    let expected = json!({
        "transaction": first["id"], "card": "c-1", "amount": "12.50", "country": "DE",
        "at": "2026-03-31T12:00:00.000000Z", "decision": "decline", "score": 917,
        "reasons": first["reasons"], "features": { "hour_count": 4.0 },
    });
    let event = events.next().await;
    assert_eq!(
        (&event["type"], &event["data"]),
        (&json!("transaction.assessed"), &expected)
    );
    assert_eq!(events.next().await["data"]["transaction"], other["id"]);

    let path = format!("/transactions/{}", first["id"].as_str().unwrap());
    assert_eq!(service.call("GET", &path).await.body, first);
    let all = service.call("GET", "/transactions").await.body;
    assert_eq!(all, json!([first, other]));
    events.stop().await;
}

/// The safe default, and the event by which a case is opened.
async fn is_default(scoring: &Address, millis: u64, why: &str) {
    let service = Service::start().await;
    let mut events = Subscriber::start(&service.database, "").await;
    let taken_in = take_in(&service, scoring, millis, "a").await;
    assert_eq!(taken_in["decision"], "review");
    assert_eq!(taken_in["basis"], "default");
    assert_eq!(taken_in["score"], Value::Null);
    assert_eq!(taken_in["reasons"], json!([why]));
    let event = events.next().await;
    assert_eq!(event["data"]["decision"], "review");
    assert_eq!(event["data"]["features"], Value::Null);
    events.stop().await;
}

#[tokio::test]
async fn while_scoring_is_away_somebody_has_to_look() {
    is_default(&nobody(), 60_000, "Scoring is away: it cannot be reached.").await;
}

#[tokio::test]
async fn scoring_is_not_waited_for_beyond_the_deadline() {
    let hung = scoring(None).await;
    is_default(&hung, 30, "Scoring did not answer in time.").await;
}

#[tokio::test]
async fn what_makes_no_sense_is_refused() {
    let service = Service::start().await;
    let wrong = json!({ "card": "", "amount": "0.00", "country": "de", "at": "soon", "id": 1 });
    let refused = service.call_with("POST", "/transactions", &wrong).await;
    let blamed = refused.problem(StatusCode::BAD_REQUEST);
    assert_eq!(blamed, ["amount", "at", "card", "country", "id"]);
    let mut ahead = payment();
    ahead["at"] = json!("9999-01-01T00:00:00Z");
    let refused = service.call_with("POST", "/transactions", &ahead).await;
    assert_eq!(refused.problem(StatusCode::BAD_REQUEST), ["at"]);
}
