//! A service is left alone for what it does, not for what clients do: otherwise one client could take
//! it from all others.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{Request as Builder, StatusCode, header};
use axum::routing::any;
use tokio::io::AsyncWriteExt;
use tokio::task::JoinSet;

use crate::support::{Gateway, Route, Service};

fn orders() -> Route {
    Route::new("/orders", "orders")
}

#[tokio::test]
async fn clients_that_break_off_say_nothing_about_the_service() {
    let service = Service::start().await;
    let gateway = Gateway::to(&service).await;
    for _ in 0..20 {
        let mut stream = gateway.connect().await;
        let head = "POST /orders HTTP/1.1\r\nhost: test\r\ncontent-length: 100\r\n\r\nbegun";
        stream.write_all(head.as_bytes()).await.unwrap();
        stream.shutdown().await.unwrap();
        drop(stream);
    }
    tokio::time::sleep(Duration::from_millis(200)).await;
    let answer = gateway.get("/orders").await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
}

#[tokio::test]
async fn clients_that_send_slowly_are_the_ones_to_blame() {
    let service = Service::start().await;
    let table = vec![orders().timeout(Duration::from_millis(100))];
    let gateway = Gateway::start(table, &[("orders", &service)], |_| ()).await;
    let slow = "POST /orders HTTP/1.1\r\nhost: test\r\ncontent-length: 100\r\n\r\nbegun";
    let mut clients = JoinSet::new();
    let gateway = Arc::new(gateway);
    for _ in 0..20 {
        let gateway = gateway.clone();
        clients.spawn(async move { gateway.raw(slow).await });
    }
    while let Some(answer) = clients.join_next().await {
        let answer = answer.unwrap();
        assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
    }
    assert_eq!(gateway.get("/orders").await.status, StatusCode::OK);
}

#[tokio::test]
async fn clients_that_will_not_wait_say_nothing_about_the_service() {
    let slow = any(async || {
        tokio::time::sleep(Duration::from_millis(200)).await;
        "done"
    });
    let service = Service::with(Router::new().route("/orders", slow)).await;
    let gateway = Gateway::to(&service).await;
    for _ in 0..25 {
        let request = Builder::get("/orders").header("x-request-timeout-ms", "1");
        let answer = gateway.send(request.body(Body::empty()).unwrap()).await;
        answer.problem(504);
    }
    assert_eq!(gateway.get("/orders").await.text, "done");
}

#[tokio::test]
async fn a_service_that_says_when_to_come_back_is_well_enough() {
    let busy = (
        StatusCode::SERVICE_UNAVAILABLE,
        [(header::RETRY_AFTER, "7")],
    );
    let service = Service::with(Router::new().route("/orders", any(async move || busy))).await;
    let gateway = Gateway::to(&service).await;
    for _ in 0..25 {
        let answer = gateway.get("/orders").await;
        assert_eq!(answer.header("retry-after"), "7", "it is asked each time");
    }
}
