//! What happens around a request, whatever its route does.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::future::pending;
use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use axum::response::Response;
use axum::routing::{get, post};
use chassis::app::{self, Limits};
use chassis::server::{accept, http};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
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

#[tokio::test]
async fn a_client_that_asks_before_it_sends_too_much_is_refused_at_once() {
    let reads = OpenApiRouter::new().route("/", post(async |_body: String| "read"));
    let app = app::build(reads, (), Limits::default());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(accept(listener, http(app), pending()));

    let mut client = TcpStream::connect(address).await.unwrap();
    let head = "POST / HTTP/1.1\r\nhost: test\r\ncontent-type: application/json\r\n\
        expect: 100-continue\r\ncontent-length: 4194304\r\n\r\n";
    client.write_all(head.as_bytes()).await.unwrap();
    let mut answer = String::new();
    client.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
}

#[tokio::test]
async fn a_body_that_does_not_come_is_not_waited_for() {
    let reads = OpenApiRouter::new().route("/", post(async |_body: String| "read"));
    let limits = Limits {
        request: Duration::from_millis(100),
        ..Limits::default()
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let app = app::build(reads, (), limits);
    tokio::spawn(accept(listener, http(app), pending()));

    let mut client = TcpStream::connect(address).await.unwrap();
    let head = b"POST / HTTP/1.1\r\nhost: test\r\ncontent-length: 10\r\n\r\nslow";
    client.write_all(head).await.unwrap();
    let mut answer = String::new();
    client.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 503 "), "{answer}");
}
