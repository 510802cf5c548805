//! Tickets: each is taken by one person, however many ask.

use std::collections::BTreeSet;

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::put;
use axum::{Json, Router};
use chassis::Timestamp;
use chassis::client::Address;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use uuid::Uuid;

use crate::support::inbox::{Inbox, event};
use crate::support::{Service, nobody};

/// The question that events tell of, and its conversation.
pub const QUESTION: Uuid = Uuid::from_u128(1);
const CONVERSATION: Uuid = Uuid::from_u128(2);

/// Questions that dialogue says are closed, and that it does not have.
const CLOSED: Uuid = Uuid::from_u128(8);
const GONE: Uuid = Uuid::from_u128(9);

/// An event of a question.
pub fn of(kind: &str, question: Uuid, revision: u32) -> Value {
    let data = json!({
        "question": question, "conversation": CONVERSATION, "text": "Where is it?",
        "reason": "asked", "revision": revision,
    });
    let mut event = event(kind, &format!("{question}-{revision}"), &data);
    event["time"] = json!(format!("2026-01-02T03:04:0{}Z", question.as_u128() % 10));
    event
}

/// The service with questions that wait.
async fn waiting(questions: &[Uuid], dialogue: &Address) -> Service {
    let service = Service::start_among(dialogue).await;
    let inbox = Inbox::start(service.handlers.clone(), 1, &service);
    for question in questions {
        service.tell(&of("question.escalated", *question, 1)).await;
    }
    assert!(inbox.dead_letters().await.is_empty());
    inbox.stop().await;
    service
}

pub async fn take(service: &Service, agent: &str) -> Option<Uuid> {
    let who = json!({ "agent": agent });
    let answer = service.call_with("POST", "/tickets/take", &who).await;
    let question = answer.body["question"].as_str();
    question.map(|question| question.parse().unwrap())
}

/// Dialogue, which takes replies.
async fn dialogue() -> Address {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = Address::local(listener.local_addr().unwrap().port());
    let app = Router::new().route("/replies/{id}", put(reply));
    tokio::spawn(axum::serve(listener, app).into_future());
    address
}

async fn reply(Path(id): Path<Uuid>, Json(reply): Json<Value>) -> Response {
    if id == CLOSED || id == GONE {
        let status = if id == CLOSED { 409 } else { 404 };
        return StatusCode::from_u16(status).unwrap().into_response();
    }
    let now = Timestamp::now();
    let question = json!({
        "id": id, "conversation": CONVERSATION, "text": "Where is it?", "status": "replied",
        "reason": "asked", "answer": reply["text"], "agent": reply["agent"],
        "created_at": now, "updated_at": now,
    });
    Json(question).into_response()
}

#[tokio::test]
async fn a_question_is_taken_by_one_person_only() {
    let questions: Vec<Uuid> = (1..=5).map(Uuid::from_u128).collect();
    let service = waiting(&questions, &nobody()).await;
    let taken = tokio::join!(
        take(&service, "ada"),
        take(&service, "grace"),
        take(&service, "alan"),
        take(&service, "mary"),
        take(&service, "emmy"),
        take(&service, "kurt"),
        take(&service, "edsger"),
    );
    let taken: [Option<Uuid>; 7] = taken.into();
    let taken: Vec<_> = taken.into_iter().flatten().collect();
    let different: BTreeSet<_> = taken.iter().collect();
    assert_eq!((taken.len(), different.len()), (5, 5), "{taken:?}");
    // Who has one gets no other.
    let first = take(&service, "ada").await;
    assert_eq!(take(&service, "ada").await, first);
}

#[tokio::test]
async fn who_waits_longest_is_first_and_comes_back_when_given_back() {
    let questions = [2, 1].map(Uuid::from_u128);
    let service = waiting(&questions, &nobody()).await;
    assert_eq!(take(&service, "ada").await, Some(QUESTION));
    let release = format!("/tickets/{QUESTION}/release");
    for (agent, status) in [
        ("grace", StatusCode::CONFLICT),
        ("ada", StatusCode::NO_CONTENT),
    ] {
        let who = json!({ "agent": agent });
        let answer = service.call_with("POST", &release, &who).await;
        assert_eq!(answer.status, status);
    }
    assert_eq!(take(&service, "grace").await, Some(QUESTION));
    let tickets = service.call("GET", "/tickets").await.body;
    let told = |ticket: &Value| json!([ticket["status"], ticket["agent"]]);
    let told: Vec<_> = tickets.as_array().unwrap().iter().map(told).collect();
    assert_eq!(told, [json!(["taken", "grace"]), json!(["open", null])]);
}

#[tokio::test]
async fn an_answer_reaches_the_customer_before_the_ticket_is_done() {
    let answer = |agent: &str| json!({ "agent": agent, "text": "Soon." });
    let path = |question: Uuid| format!("/tickets/{question}/answer");
    // Dialogue is away: the ticket stays with who has taken it.
    let service = waiting(&[QUESTION], &nobody()).await;
    take(&service, "ada").await;
    let away = service
        .call_with("PUT", &path(QUESTION), &answer("ada"))
        .await;
    assert_eq!(
        away.status,
        StatusCode::SERVICE_UNAVAILABLE,
        "{}",
        away.body
    );
    assert_eq!(take(&service, "ada").await, Some(QUESTION));

    let service = waiting(&[QUESTION, CLOSED, GONE], &dialogue().await).await;
    take(&service, "ada").await;
    let other = service
        .call_with("PUT", &path(QUESTION), &answer("grace"))
        .await;
    assert_eq!(other.status, StatusCode::CONFLICT);
    for _ in 0..2 {
        let done = service
            .call_with("PUT", &path(QUESTION), &answer("ada"))
            .await;
        assert_eq!(
            (done.status, &done.body["status"]),
            (StatusCode::OK, &json!("answered"))
        );
    }
    for question in [CLOSED, GONE] {
        assert_eq!(take(&service, "ada").await, Some(question));
        let late = service
            .call_with("PUT", &path(question), &answer("ada"))
            .await;
        assert_eq!(late.status, StatusCode::CONFLICT);
    }
    assert_eq!(take(&service, "ada").await, None);
    assert_eq!(service.call("GET", "/tickets").await.body, json!([]));
}
