//! The search finds what there is now, and needs nothing but the articles for it.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use chassis::app::{self, Limits};
use http_body_util::BodyExt;
use knowledge::sample_data;
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::support::Service;

/// The titles that are found, best first.
pub async fn titles(service: &Service, question: &Value) -> Vec<String> {
    let found = service.call_with("POST", "/search", question).await;
    assert_eq!(found.status, StatusCode::OK, "{}", found.body);
    let hits = found.body["hits"].as_array().unwrap().iter();
    hits.map(|hit| hit["title"].as_str().unwrap().to_owned())
        .collect()
}

/// What is found by another replica, or after a restart: it has nothing but the database.
pub async fn of_another(service: &Service, question: &Value) -> Value {
    let database = service.database.clone();
    let app = app::build(knowledge::api(), database, Limits::default());
    let request = Request::post("/search").header("content-type", "application/json");
    let request = request.body(Body::from(question.to_string())).unwrap();
    let answer = app.oneshot(request).await.unwrap().into_body();
    serde_json::from_slice(&answer.collect().await.unwrap().to_bytes()).unwrap()
}

async fn write(service: &Service, method: &str, path: &str, title: &str, body: &str) -> String {
    let article = json!({ "title": title, "body": body, "topic": "delivery" });
    let written = service.call_with(method, path, &article).await;
    assert!(written.status.is_success(), "{}", written.body);
    written.header("location").to_owned()
}

#[tokio::test]
async fn articles_are_found_from_when_they_are_written_until_they_are_gone() {
    let service = Service::start().await;
    let question = json!({ "text": "Where are zebras?" });
    assert!(titles(&service, &question).await.is_empty());
    let zoo = write(&service, "POST", "/articles", "Zoo", "Zebras live here.").await;
    write(&service, "POST", "/articles", "Plains", "Lions live here.").await;
    assert_eq!(titles(&service, &question).await, ["Zoo"]);
    write(&service, "PUT", &zoo, "Zoo", "It is closed.").await;
    assert!(titles(&service, &question).await.is_empty());
    write(&service, "PUT", &zoo, "Zebras", "They moved.").await;
    assert_eq!(titles(&service, &question).await, ["Zebras"]);
    service.call("DELETE", &zoo).await;
    assert!(titles(&service, &question).await.is_empty());
}

#[tokio::test]
async fn an_index_that_is_lost_is_made_again() {
    let service = Service::start().await;
    sample_data::load(&service.database).await.unwrap();
    let question = json!({ "text": "Do you ship abroad?", "topic": "delivery" });
    let before = service.call_with("POST", "/search", &question).await;
    assert_eq!(before.body["hits"][0]["title"], "Shipping abroad");
    assert_eq!(of_another(&service, &question).await, before.body);
}

#[tokio::test]
async fn a_question_has_words_and_an_end() {
    let service = Service::start().await;
    let refused = json!({ "text": "", "topic": "a".repeat(61) });
    let refused = service.call_with("POST", "/search", &refused).await;
    let blamed = refused.problem(StatusCode::BAD_REQUEST);
    assert_eq!(blamed, ["text", "topic"]);
}
