//! Customers get an answer whoever is away, and learn what it lacks.

use std::future::pending;

use axum::http::StatusCode;
use axum::routing::post;
use axum::{Json, Router};
use serde_json::{Value, json};

use crate::desk::{Desk, classify, search, serve};
use crate::support::nobody;

async fn hung() -> Json<Value> {
    pending().await
}

async fn failing() -> StatusCode {
    StatusCode::INTERNAL_SERVER_ERROR
}

#[tokio::test]
async fn without_the_knowledge_base_the_answer_says_so_and_people_have_the_question() {
    let hung = Router::new()
        .route("/classify", post(classify))
        .route("/search", post(hung));
    let failing = Router::new()
        .route("/classify", post(classify))
        .route("/search", post(failing));
    for others in [hung, failing] {
        let desk = Desk::open(&serve(others).await).await;
        let question = desk.ask("good question about delivery").await;
        assert_eq!(question["status"], "escalated", "{question}");
        assert_eq!(question["reason"], "unavailable");
        assert_eq!(question["missing"], "knowledge");
        let said = question["answer"].as_str().unwrap();
        assert!(
            said.starts_with("Our knowledge base can't be searched at the moment"),
            "{said}"
        );
    }
}

#[tokio::test]
async fn without_intents_articles_are_found_all_the_same() {
    let others = Router::new()
        .route("/classify", post(hung))
        .route("/search", post(search));
    let desk = Desk::open(&serve(others).await).await;
    let question = desk.ask("good question about delivery").await;
    assert_eq!(question["status"], "answered", "{question}");
    assert_eq!(
        (&question["topic"], &question["missing"]),
        (&Value::Null, &json!("intent"))
    );
}

#[tokio::test]
async fn with_nobody_there_people_are() {
    let desk = Desk::open(&nobody()).await;
    let question = desk.ask("good question about delivery").await;
    let told = [&question["reason"], &question["missing"]];
    assert_eq!(told, ["unavailable", "intent, knowledge"]);
}
