//! Requests and answers on their way through.

use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{Request as Builder, StatusCode, header};
use axum::response::Redirect;
use axum::routing::{any, get};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::support::{Gateway, Route, Service, VIA};

#[tokio::test]
async fn a_request_arrives_as_it_was_sent() {
    let service = Service::start().await;
    let gateway = Gateway::to(&service).await;
    let request = Builder::put("/orders/a%20b?x=1&y=%2F")
        .header("x-own", "kept")
        .header("x-request-id", "abc-1")
        .body(Body::from("the body"));
    let answer = gateway.send(request.unwrap()).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.text, "/orders/a%20b?x=1&y=%2F");
    assert_eq!(answer.header("x-request-id"), "abc-1");

    let seen = service.seen_once();
    assert_eq!(seen.line, "PUT /orders/a%20b?x=1&y=%2F");
    assert_eq!(
        (seen.body.as_str(), seen.header("x-own")),
        ("the body", "kept")
    );
    assert_eq!(seen.header("content-length"), "8");
    assert_eq!(seen.header("host"), service.address.to_string());
    assert_eq!(seen.header("x-request-id"), "abc-1");
    assert_eq!(seen.header("traceparent").len(), 55);
    assert_eq!(seen.header("via"), VIA);
    assert_eq!(seen.header("x-forwarded-for"), "127.0.0.1");
    assert_eq!(seen.header("x-forwarded-proto"), "http");
    assert_eq!(seen.header("x-forwarded-host"), gateway.address.to_string());
}

#[tokio::test]
async fn bodies_go_on_piece_by_piece_both_ways() {
    let echo = any(async |request: Request| request.into_body());
    let service = Service::with(Router::new().route("/orders", echo)).await;
    let gateway = Gateway::to(&service).await;
    let mut stream = gateway.connect().await;
    let head = "POST /orders HTTP/1.1\r\nhost: test\r\ntransfer-encoding: chunked\r\n\r\n";
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut come = String::new();
    for piece in ["first", "other"] {
        // The next piece is sent only after the one before has come back.
        let chunk = format!("5\r\n{piece}\r\n");
        stream.write_all(chunk.as_bytes()).await.unwrap();
        while !come.contains(piece) {
            let mut some = [0; 1024];
            let count = stream.read(&mut some).await.unwrap();
            assert_ne!(count, 0, "{come}");
            come.push_str(&String::from_utf8_lossy(&some[..count]));
        }
    }
}

#[tokio::test]
async fn what_is_read_only_is_not_written() {
    let service = Service::start().await;
    let table = vec![Route::new("/orders", "orders").read_only()];
    let gateway = Gateway::start(table, &[("orders", &service)], |_| ()).await;
    let request = Builder::put("/orders/1").body(Body::from("{}"));
    let refused = gateway.send(request.unwrap()).await;
    assert_eq!(refused.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(refused.header("allow"), "GET, HEAD");
    assert_eq!(gateway.get("/orders/1").await.status, StatusCode::OK);
    assert_eq!(service.seen_once().line, "GET /orders/1");
}

#[tokio::test]
async fn errors_of_a_service_stay_its_own() {
    let service = Service::start().await;
    service.answer_with(404);
    let answer = Gateway::to(&service).await.get("/orders/1").await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert_eq!(answer.header("content-type"), "text/plain; charset=utf-8");
    assert_eq!(answer.text, "/orders/1");
}

#[tokio::test]
async fn answers_without_a_body_stay_without() {
    let answers = get(async || "answer")
        .delete(async || StatusCode::NO_CONTENT)
        .put(async || StatusCode::NOT_MODIFIED);
    let service = Service::with(Router::new().route("/orders", answers)).await;
    let gateway = Gateway::to(&service).await;
    for (method, status, length) in [("HEAD", 200, "6"), ("DELETE", 204, ""), ("PUT", 304, "")] {
        let request = Builder::<()>::builder().method(method).uri("/orders");
        let answer = gateway.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.status.as_u16(), status);
        assert_eq!(answer.header("content-length"), length);
        assert_eq!(answer.header("transfer-encoding"), "");
        assert_eq!(answer.text, "");
    }
}

#[tokio::test]
async fn what_belongs_to_a_connection_stays_there() {
    let headers = [
        ("connection", "x-secret"),
        ("x-secret", "1"),
        ("keep-alive", "timeout=9"),
        ("access-control-allow-origin", "*"),
        ("x-kept", "1"),
    ];
    let service = Router::new().route("/orders", get(async move || (headers, "answer")));
    let service = Service::with(service).await;
    let answer = Gateway::to(&service).await.get("/orders").await;
    assert_eq!(answer.text, "answer");
    assert_eq!(answer.header("via"), VIA);
    assert_eq!(answer.header("x-kept"), "1");
    for (name, _) in headers.iter().take(4) {
        assert!(!answer.headers.contains_key(*name), "{name}");
    }
}

#[tokio::test]
async fn a_service_learns_how_long_it_has() {
    let service = Service::start().await;
    let table = vec![Route::new("/orders", "orders").timeout(Duration::from_secs(3))];
    let gateway = Gateway::start(table, &[("orders", &service)], |_| ()).await;
    for (sent, most) in [(None, 3000), (Some("700"), 700), (Some("90000"), 3000)] {
        let mut request = Builder::get("/orders");
        if let Some(sent) = sent {
            request = request.header("x-request-timeout-ms", sent);
        }
        gateway.send(request.body(Body::empty()).unwrap()).await;
        let seen = service.seen();
        let left = seen.last().unwrap().header("x-request-timeout-ms");
        let left: u64 = left.parse().unwrap();
        assert!(left <= most && left > most / 2, "{left} of {most}");
    }
}

#[tokio::test]
async fn a_route_may_have_another_name_than_its_service_knows() {
    let router = Router::new()
        .route("/v1/items", get(async || Redirect::to("/v1/items/7?x")))
        .route("/v1/items/7", get(async || "seven"));
    let service = Service::with(router).await;
    let table = vec![Route::new("/products", "catalog").at("/v1/items")];
    let gateway = Gateway::start(table, &[("catalog", &service)], |_| ()).await;
    let answer = gateway.get("/products").await;
    assert_eq!(answer.header("location"), "/products/7?x");
    assert_eq!(gateway.get("/products/7").await.text, "seven");
    gateway.get("/v1/items/7").await.problem(404);
    gateway.get("/products-old").await.problem(404);
}

#[tokio::test]
async fn trailers_and_upgrades_go_no_further() {
    let service = Service::start().await;
    let gateway = Gateway::to(&service).await;
    let answer = gateway
        .raw(
            "POST /orders HTTP/1.1\r\nhost: test\r\nconnection: close, te\r\nte: trailers\r\n\
             trailer: x-sum\r\ntransfer-encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\nx-sum: 9\r\n\r\n",
        )
        .await;
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    let seen = service.seen_once();
    assert_eq!(seen.body, "hi");
    for name in ["te", "trailer", "x-sum", "connection"] {
        assert_eq!(seen.header(name), "", "{name}");
    }

    let socket = Builder::get("/orders")
        .header(header::CONNECTION, "upgrade")
        .header(header::UPGRADE, "websocket");
    let answer = gateway.send(socket.body(Body::empty()).unwrap()).await;
    answer.problem(501);
    // One that is a mere offer is overheard.
    let offer = Builder::get("/orders")
        .header(header::CONNECTION, "upgrade, http2-settings")
        .header(header::UPGRADE, "h2c");
    let answer = gateway.send(offer.body(Body::empty()).unwrap()).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(service.seen()[1].header("upgrade"), "");
}
