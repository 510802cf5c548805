{% if uses.checks -%}
//! Services that this one calls, as tests need them.

{% if uses.rpc_checks and uses.http_checks -%}
use std::future::ready;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
{% elif uses.rpc_checks -%}
use std::future::ready;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
{% else -%}
use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
{% endif -%}
use axum::{Router, serve};
use chassis::client::Address;
{% if uses.rpc_checks -%}
use http_body_util::{BodyExt, Full};
{% endif -%}
use tokio::net::TcpListener;

{% if uses.http_checks -%}
/// Ids of records that no other service has.
const MISSING: [&str; 2] = ["0195a1b2-c3d4-7e5f-8a6b-000000000000", "999999"];

{% endif -%}
{% if uses.rpc_checks -%}
/// Ids of records that no other service has, as a message holds them.
const MISSING_IN_MESSAGES: [&[u8]; 2] =
    [b"0195a1b2-c3d4-7e5f-8a6b-000000000000", b"\x08\xbf\x84\x3d"];

/// A message without fields: one byte says that it is not compressed, four how long it is.
const NOTHING: Bytes = Bytes::from_static(&[0; 5]);

{% endif -%}
/// Other services, which have every record but those that the tests call missing.
pub async fn others() -> Address {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let app = Router::new().fallback(answer);
    tokio::spawn(serve(listener, app).into_future());
    Address::local(port)
}

{% if uses.rpc_checks and uses.http_checks -%}
async fn answer(request: Request) -> Response {
    let kind = request.headers().get(header::CONTENT_TYPE);
    if kind.is_some_and(|kind| kind == GRPC) {
        return answer_call(request).await;
    }
    let id = request.uri().path().rsplit('/').next();
    if MISSING.contains(&id.unwrap_or_default()) {
        StatusCode::NOT_FOUND.into_response()
    } else {
        StatusCode::OK.into_response()
    }
}
{%- elif uses.http_checks -%}
async fn answer(request: Request) -> Response {
    let id = request.uri().path().rsplit('/').next();
    if MISSING.contains(&id.unwrap_or_default()) {
        StatusCode::NOT_FOUND.into_response()
    } else {
        StatusCode::OK.into_response()
    }
}
{%- endif -%}
{% if uses.rpc_checks and uses.http_checks %}

/// By which calls by gRPC are known.
const GRPC: &str = "application/grpc";

async fn answer_call(request: Request) -> Response {
{%- elif uses.rpc_checks -%}
async fn answer(request: Request) -> Response {
{%- endif %}
{%- if uses.rpc_checks %}
    let message = to_bytes(request.into_body(), 1024).await.unwrap();
    let is_in = |id: &&[u8]| message.windows(id.len()).any(|part| part == *id);
    let kind = [(header::CONTENT_TYPE, "application/grpc")];
    if MISSING_IN_MESSAGES.iter().any(is_in) {
        // NOT_FOUND
        (kind, [("grpc-status", "5")]).into_response()
    } else {
        // The status of a call that succeeds comes behind its message.
        let mut status = HeaderMap::new();
        status.insert("grpc-status", 0.into());
        let body = Full::new(NOTHING).with_trailers(ready(Some(Ok(status))));
        (kind, Body::new(body)).into_response()
    }
}
{%- endif %}
{%- endif %}
