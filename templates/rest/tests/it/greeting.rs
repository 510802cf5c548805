//! Greetings, as a client sees them.

use axum::http::StatusCode;
use serde_json::json;

use crate::support::Service;

const PATH: &str = "/greetings";

#[tokio::test]
async fn somebody_is_greeted() {
    let service = Service::start();
    let body = json!({"name": "Ada"});
    let answer = service.call_with("POST", PATH, &body).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    assert_eq!(answer.body, json!({"text": "Hello, Ada!"}));
}

#[tokio::test]
async fn nobody_is_not() {
    let service = Service::start();
    for body in [json!({}), json!({"name": ""}), json!({"name": 1})] {
        let answer = service.call_with("POST", PATH, &body).await;
        assert_eq!(answer.problem(StatusCode::BAD_REQUEST), ["name"]);
    }
}
