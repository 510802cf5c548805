{% if options.grpc -%}
//! Services that speak gRPC, as clients of HTTP/JSON see them.

use std::time::Duration;

use axum::body::Body;
use axum::http::{Request as Builder, StatusCode};
use serde_json::{Value, json};
use tonic::{Code, Status};
use tonic_types::{ErrorDetails, StatusExt};

use crate::support::rpc::Rpc;
use crate::support::{Answer, Gateway, Route, Service};

mod refused;

const ECHO: &str = "/stock/Echo";

/// A gateway to the methods of `stock.v1.Stock`.
async fn to(service: &Service) -> Gateway {
    let table = vec![stock()];
    Gateway::start(table, &[("stock", service)], |_| ()).await
}

fn stock() -> Route {
    Route::new("/stock", "stock").at("/stock.v1.Stock").grpc()
}

async fn post(gateway: &Gateway, path: &str, message: &Value) -> Answer {
    let request = Builder::post(path).header("content-type", "application/json");
    let request = request.body(Body::from(message.to_string())).unwrap();
    gateway.send(request).await
}

#[tokio::test]
async fn a_method_is_called_with_json_and_answers_with_json() {
    let rpc = Rpc::start().await;
    let gateway = to(&rpc.service).await;
    let sent = json!({
        "customer_id": "ada", "total": 9_007_199_254_740_993_i64, "kind": "KIND_RAW",
        "counts": { "red": 3 }, "seenAt": "2026-02-03T04:05:06.007Z",
        "extra": { "deep": [1.0, null] }, "partOf": { "tags": ["x"] }, "data": "AAE=",
    });
    let answer = post(&gateway, ECHO, &sent).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.header("x-request-id").len(), 36);
    let got = &answer.json;
    assert_eq!(got["customer_id"], "ada");
    assert_eq!(got["total"], "9007199254740993", "no number of JavaScript");
    assert_eq!((&got["quantity"], &got["tags"]), (&json!(0), &json!([])));
    assert_eq!(got["kind"], "KIND_RAW");
    assert_eq!(got["seen_at"], "2026-02-03T04:05:06.007Z");
    assert_eq!(got["extra"], sent["extra"]);
    assert_eq!(got["part_of"]["tags"], json!(["x"]));
    assert_eq!((&got["data"], got.get("note")), (&json!("AAE="), None));
}

#[tokio::test]
async fn a_route_may_lead_to_one_method() {
    let rpc = Rpc::start().await;
    let route = Route::new("/say", "stock").at("/stock.v1.Stock/Echo");
    let gateway = Gateway::start(vec![route.grpc()], &[("stock", &rpc.service)], |_| ()).await;
    let answer = post(&gateway, "/say", &json!({ "customer_id": "ada" })).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    assert_eq!(answer.json["customer_id"], "ada");
    let below = post(&gateway, "/say/Echo", &json!({})).await;
    below.problem(404);
    let document = gateway.get("/openapi.json").await.json;
    assert!(document["paths"]["/say"]["post"].is_object());
}

#[tokio::test]
async fn a_service_learns_who_asks_and_how_long_it_has() {
    let rpc = Rpc::start().await;
    let gateway = to(&rpc.service).await;
    let request = Builder::post(ECHO)
        .header("authorization", "Bearer x")
        .header("x-request-id", "abc-1")
        .header("x-request-timeout-ms", "700")
        .header("idempotency-key", "once")
        .header("x-forwarded-for", "10.0.0.1")
        .header("grpc-timeout", "1H")
        .header("grpc-encoding", "gzip")
        .header("cookie", "secret")
        .header("x-internal-bin", "AAE=");
    let answer = gateway.send(request.body(Body::from("{}")).unwrap()).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    let seen = &rpc.seen()[0];
    let of = |name: &str| seen.get(name).map_or("", |value| value.to_str().unwrap());
    assert_eq!(of("authorization"), "Bearer x");
    assert_eq!(of("x-request-id"), "abc-1");
    assert_eq!(of("traceparent").len(), 55);
    assert_eq!(of("idempotency-key"), "once");
    assert_eq!(of("x-forwarded-for"), "127.0.0.1");
    assert_eq!(
        (of("te"), of("content-type")),
        ("trailers", "application/grpc")
    );
    let left = of("grpc-timeout").strip_suffix('m').unwrap();
    assert!(left.parse::<u64>().unwrap() <= 700, "{left}");
    for name in ["grpc-encoding", "cookie", "x-internal-bin"] {
        assert_eq!(of(name), "", "{name}");
    }
}

#[tokio::test]
async fn a_status_becomes_a_problem() {
    let rpc = Rpc::start().await;
    let gateway = to(&rpc.service).await;
    for (code, status) in [
        (Code::Cancelled, 499),
        (Code::Unknown, 500),
        (Code::InvalidArgument, 400),
        (Code::DeadlineExceeded, 504),
        (Code::NotFound, 404),
        (Code::AlreadyExists, 409),
        (Code::PermissionDenied, 403),
        (Code::ResourceExhausted, 429),
        (Code::FailedPrecondition, 400),
        (Code::Aborted, 409),
        (Code::OutOfRange, 400),
        (Code::Unimplemented, 501),
        (Code::Internal, 500),
        (Code::Unavailable, 503),
        (Code::DataLoss, 500),
        (Code::Unauthenticated, 401),
    ] {
        rpc.answer_with(Status::new(code, "so it is"));
        let answer = post(&gateway, ECHO, &json!({})).await;
        answer.problem(status);
        assert_eq!(answer.json["detail"], "so it is");
        let challenge = if status == 401 { "Bearer" } else { "" };
        assert_eq!(answer.header("www-authenticate"), challenge);
    }
    let mut details = ErrorDetails::new();
    details.add_bad_request_violation("item.total", "is too much");
    details.set_retry_info(Some(Duration::from_secs(7)));
    rpc.answer_with(Status::with_error_details(
        Code::InvalidArgument,
        "no",
        details,
    ));
    let answer = post(&gateway, ECHO, &json!({})).await;
    let blamed = json!([{ "field": "item.total", "detail": "is too much" }]);
    assert_eq!(answer.json["errors"], blamed);
    assert_eq!(answer.header("retry-after"), "7");
}

#[tokio::test]
async fn methods_are_in_the_document() {
    let rpc = Rpc::start().await;
    let document = to(&rpc.service).await.get("/openapi.json").await.json;
    let paths: Vec<&String> = document["paths"].as_object().unwrap().keys().collect();
    assert_eq!(paths, ["/stock/Echo", "/stock/Sleep"]);
    let echo = &document["paths"][ECHO]["post"];
    assert_eq!(echo["summary"], "Answers with what it was sent.");
    assert_eq!(echo["operationId"], "stock.stock.v1.Stock.Echo");
    let schema = &echo["requestBody"]["content"]["application/json"]["schema"];
    assert_eq!(schema["$ref"], "#/components/schemas/stock.stock.v1.Item");
    let item = &document["components"]["schemas"]["stock.stock.v1.Item"];
    assert_eq!(item["description"], "Something in stock.");
    let fields = &item["properties"];
    assert_eq!(fields["total"]["description"], "In cents.");
    assert_eq!(
        fields["kind"]["enum"],
        json!(["KIND_UNSPECIFIED", "KIND_RAW"])
    );
    assert_eq!(fields["counts"]["additionalProperties"]["minimum"], 0);
    assert_eq!(fields["part_of"], *schema);
    assert_eq!(document["x-unavailable"], json!([]));
}
{% endif -%}
