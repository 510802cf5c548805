{% if options.grpc -%}
//! Calls that don't get far, for reasons of the client or of the service.

use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::Request as Builder;
use serde_json::json;
use tonic::Status;

use super::{ECHO, post, stock, to};
use crate::support::rpc::Rpc;
use crate::support::{Gateway, Service};

#[tokio::test]
async fn what_is_no_message_of_the_method_does_not_reach_the_service() {
    let rpc = Rpc::start().await;
    let gateway = to(&rpc.service).await;
    let deep = format!("{}{}", "{\"partOf\":".repeat(500), "}".repeat(500));
    for body in [
        "",
        "[]",
        "{",
        "{} {}",
        "{\"nothing\": 1}",
        "{\"quantity\": \"many\"}",
        "{\"quantity\": 3000000000}",
        "{\"kind\": \"KIND_GREEN\"}",
        "{\"seen_at\": \"soon\"}",
        &deep,
    ] {
        let request = Builder::post(ECHO).body(Body::from(body.to_owned()));
        let answer = gateway.send(request.unwrap()).await;
        answer.problem(400);
        assert!(answer.json["errors"][0]["detail"].is_string(), "{body}");
    }
    for (method, path, kind, status) in [
        ("POST", "/stock/Nothing", "application/json", 404),
        ("POST", "/stock/Watch", "application/json", 404),
        ("POST", "/stock/Echo/more", "application/json", 404),
        (
            "POST",
            "/stock/../stock.v1.Stock/Echo",
            "application/json",
            400,
        ),
        ("POST", ECHO, "application/grpc", 415),
        ("GET", ECHO, "application/json", 405),
    ] {
        let request = Builder::<()>::builder().method(method).uri(path);
        let request = request.header("content-type", kind);
        let answer = gateway.send(request.body(Body::from("{}")).unwrap()).await;
        answer.problem(status);
    }
    let large = json!({ "note": "x".repeat(2_000_000) });
    post(&gateway, ECHO, &large).await.problem(413);
    assert!(rpc.seen().is_empty());
}

#[tokio::test]
async fn a_service_that_does_not_answer_is_a_problem() {
    let gone = Service::gone();
    let answer = post(&to(&gone).await, ECHO, &json!({})).await;
    answer.problem(503);
    assert_eq!(answer.header("retry-after"), "1");

    let rpc = Rpc::start().await;
    let table = vec![stock().timeout(Duration::from_millis(100))];
    let gateway = Gateway::start(table, &[("stock", &rpc.service)], |_| ()).await;
    post(&gateway, "/stock/Sleep", &json!({}))
        .await
        .problem(504);

    // It speaks HTTP/2, but not gRPC; and what it says is no message.
    for body in ["hello", "\0\0\0\0\u{3}abc"] {
        let answers = async move || ([("content-type", "application/grpc")], body);
        let strange = Service::with(Router::new().fallback(answers)).await;
        let answer = post(&to(&strange).await, ECHO, &json!({})).await;
        assert!(answer.status.is_server_error(), "{}", answer.text);
        assert_eq!(answer.header("content-type"), "application/problem+json");
    }
}

#[tokio::test]
async fn a_service_that_is_unavailable_is_left_alone() {
    let rpc = Rpc::start().await;
    rpc.answer_with(Status::unavailable("not now"));
    let gateway = to(&rpc.service).await;
    for _ in 0..20 {
        post(&gateway, ECHO, &json!({})).await.problem(503);
    }
    let answer = post(&gateway, ECHO, &json!({})).await;
    assert_eq!(answer.header("retry-after"), "5");
    assert_eq!(rpc.seen().len(), 20, "it has its quiet");
}
{% endif -%}
