//! What happens around a request, whatever its route does.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use axum::response::Response;
use axum::routing::get;
use chassis::app::{self, Limits};
use tower::ServiceExt;
use utoipa_axum::router::OpenApiRouter;

async fn call(path: &str) -> Response {
    let routes = OpenApiRouter::new()
        .route("/panic", get(async || panic!("on purpose") as ()))
        .route(
            "/slow",
            get(async || tokio::time::sleep(Duration::MAX).await),
        );
    let limits = Limits {
        request: Duration::from_millis(50),
        ..Limits::default()
    };
    let request = Request::get(path).body(Body::empty());
    app::build(routes, (), limits)
        .oneshot(request.unwrap())
        .await
        .unwrap()
}

fn is_problem(response: &Response) -> bool {
    response.headers()["content-type"] == "application/problem+json"
}

#[tokio::test]
async fn a_panic_ends_one_request_and_tells_nothing() {
    let response = call("/panic").await;
    assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
    assert!(is_problem(&response));
    let body = axum::body::to_bytes(response.into_body(), 1000).await;
    let body = String::from_utf8(body.unwrap().to_vec()).unwrap();
    assert!(!body.contains("purpose"), "{body}");
}

#[tokio::test]
async fn a_request_that_takes_too_long_is_given_up() {
    let response = call("/slow").await;
    assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert!(is_problem(&response));
    assert!(response.headers().contains_key("x-request-id"));
}
