//! Tickets: each is taken by one person, however many ask, and however events arrive.

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

use crate::support::{CONVERSATION, Events, QUESTION, Service, event};

/// Questions that dialogue says are closed, and that it does not have.
const CLOSED: Uuid = Uuid::from_u128(8);
const GONE: Uuid = Uuid::from_u128(9);

/// An event of a question.
fn of(kind: &str, question: Uuid, revision: u32) -> Value {
    let mut event = event(kind, &format!("{question}-{revision}"));
    event["data"]["question"] = json!(question);
    event["data"]["revision"] = json!(revision);
    event["time"] = json!(format!("2026-01-02T03:04:0{}Z", question.as_u128() % 10));
    event
}

/// The service with questions that wait.
async fn waiting(questions: &[Uuid], dialogue: &Address) -> Service {
    let service = Service::among(Events, 3, dialogue).await;
    for question in questions {
        service.tell(&of("question.escalated", *question, 1)).await;
    }
    let count = questions.len();
    let counted = json!([{ "type": "question.escalated", "count": count }]);
    service.counts(&counted).await;
    service
}

async fn take(service: &Service, agent: &str) -> Option<Uuid> {
    let who = json!({ "agent": agent });
    let answer = service.call("POST", "/tickets/take", &who).await;
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
    let service = waiting(&questions, &Address::local(1)).await;
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
    service.stop().await;
}

#[tokio::test]
async fn who_waits_longest_is_first_and_comes_back_when_given_back() {
    let questions = [2, 1].map(Uuid::from_u128);
    let service = waiting(&questions, &Address::local(1)).await;
    assert_eq!(take(&service, "ada").await, Some(QUESTION));
    let release = format!("/tickets/{QUESTION}/release");
    for (agent, status) in [
        ("grace", StatusCode::CONFLICT),
        ("ada", StatusCode::NO_CONTENT),
    ] {
        let who = json!({ "agent": agent });
        let answer = service.call("POST", &release, &who).await;
        assert_eq!(answer.status, status);
    }
    assert_eq!(take(&service, "grace").await, Some(QUESTION));
    let tickets = service.get("/tickets").await.body;
    let told = |ticket: &Value| json!([ticket["status"], ticket["agent"]]);
    let told: Vec<_> = tickets.as_array().unwrap().iter().map(told).collect();
    assert_eq!(told, [json!(["taken", "grace"]), json!(["open", null])]);
    service.stop().await;
}

#[tokio::test]
async fn an_answer_reaches_the_customer_before_the_ticket_is_done() {
    let answer = |agent: &str| json!({ "agent": agent, "text": "Soon." });
    let path = |question: Uuid| format!("/tickets/{question}/answer");
    // Dialogue is away: the ticket stays with who has taken it.
    let service = waiting(&[QUESTION], &Address::local(1)).await;
    take(&service, "ada").await;
    let away = service.call("PUT", &path(QUESTION), &answer("ada")).await;
    assert_eq!(
        away.status,
        StatusCode::SERVICE_UNAVAILABLE,
        "{}",
        away.body
    );
    assert_eq!(take(&service, "ada").await, Some(QUESTION));
    service.stop().await;

    let service = waiting(&[QUESTION, CLOSED, GONE], &dialogue().await).await;
    take(&service, "ada").await;
    let other = service.call("PUT", &path(QUESTION), &answer("grace")).await;
    assert_eq!(other.status, StatusCode::CONFLICT);
    for _ in 0..2 {
        let done = service.call("PUT", &path(QUESTION), &answer("ada")).await;
        assert_eq!(
            (done.status, &done.body["status"]),
            (StatusCode::OK, &json!("answered"))
        );
    }
    for question in [CLOSED, GONE] {
        assert_eq!(take(&service, "ada").await, Some(question));
        let late = service.call("PUT", &path(question), &answer("ada")).await;
        assert_eq!(late.status, StatusCode::CONFLICT);
    }
    assert_eq!(take(&service, "ada").await, None);
    assert_eq!(service.get("/tickets").await.body, json!([]));
    service.stop().await;
}

#[tokio::test]
async fn any_order_of_events_ends_alike() {
    let events = [
        of("question.escalated", QUESTION, 2),
        of("question.closed", QUESTION, 3),
        of("question.escalated", QUESTION, 4),
    ];
    // Which of them have come, and whether the question waits then.
    for (order, waits) in [
        (&[0][..], true),
        (&[0, 1], false),
        (&[1, 0], false),
        (&[1, 0, 0, 1], false),
        (&[0, 1, 2], true),
        (&[0, 2, 1], true),
        (&[1, 0, 2], true),
        (&[1, 2, 0], true),
        (&[2, 0, 1], true),
        (&[2, 1, 0, 1, 0, 2], true),
    ] {
        let service = Service::start().await;
        for number in order {
            service.tell(&events[*number]).await;
        }
        let different: BTreeSet<_> = order.iter().collect();
        let escalated = different.iter().filter(|number| ***number != 1).count();
        let mut counted = Vec::new();
        if different.contains(&1) {
            counted.push(json!({ "type": "question.closed", "count": 1 }));
        }
        counted.push(json!({ "type": "question.escalated", "count": escalated }));
        service.counts(&json!(counted)).await;
        assert_eq!(take(&service, "ada").await.is_some(), waits, "{order:?}");
        service.stop().await;
    }
}
