//! A span for each request.

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use opentelemetry::propagation::TextMapPropagator;
use opentelemetry::trace::{Span, SpanKind, Status, Tracer};
use opentelemetry::{Context, KeyValue};
use opentelemetry_http::HeaderExtractor;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::SdkTracer;

use super::with_ids;
use crate::trace::TraceContext;

/// Middleware around everything else; what is logged, and what is passed on to others, has the
/// span's ids.
pub(super) async fn observe(
    State(tracer): State<SdkTracer>,
    mut request: Request,
    next: Next,
) -> Response {
    let parent = extract(&HeaderExtractor(request.headers()));
    let (name, attributes) = describe(&request);
    let mut span = tracer
        .span_builder(name)
        .with_kind(SpanKind::Server)
        .with_attributes(attributes)
        .start_with_context(&tracer, &parent);
    let context = TraceContext::from_headers(request.headers());
    let context = with_ids(context, span.span_context());
    request.extensions_mut().insert(context);

    let response = next.run(request).await;

    if span.is_recording() {
        record(&mut span, response.status(), response.headers());
    }
    span.end();
    response
}

/// The caller's span, as W3C's headers tell of it.
pub(super) fn extract(carrier: &impl opentelemetry::propagation::Extractor) -> Context {
    TraceContextPropagator::new().extract_with_context(&Context::new(), carrier)
}

/// The span's name, of which there are as many as routes, and what else is known at its begin.
fn describe(request: &Request) -> (String, Vec<KeyValue>) {
    let path = request.uri().path();
    if is_grpc(request.headers()) {
        let name = path.trim_start_matches('/').to_owned();
        let (service, method) = name.split_once('/').unwrap_or((&name, ""));
        let attributes = vec![
            KeyValue::new("rpc.system", "grpc"),
            KeyValue::new("rpc.service", service.to_owned()),
            KeyValue::new("rpc.method", method.to_owned()),
        ];
        return (name, attributes);
    }
    let method = request.method().as_str();
    let mut attributes = vec![
        KeyValue::new("http.request.method", method.to_owned()),
        KeyValue::new("url.path", path.to_owned()),
    ];
    match request.extensions().get::<MatchedPath>() {
        Some(route) => {
            let route = route.as_str();
            attributes.push(KeyValue::new("http.route", route.to_owned()));
            (format!("{method} {route}"), attributes)
        }
        None => (method.to_owned(), attributes),
    }
}

fn record(span: &mut impl Span, status: StatusCode, headers: &HeaderMap) {
    let code = i64::from(status.as_u16());
    span.set_attribute(KeyValue::new("http.response.status_code", code));
    // An answer that fails says so in its head.
    let grpc = headers
        .get("grpc-status")
        .and_then(|status| status.to_str().ok());
    let grpc = grpc.and_then(|status| status.parse::<i64>().ok());
    if let Some(code) = grpc {
        span.set_attribute(KeyValue::new("rpc.grpc.status_code", code));
    }
    // What the caller did wrong is no error of this service.
    if status.is_server_error() || grpc.is_some_and(|code| [2, 4, 12, 13, 14, 15].contains(&code)) {
        span.set_status(Status::error(""));
    }
}

fn is_grpc(headers: &HeaderMap) -> bool {
    let kind = headers.get("content-type");
    kind.is_some_and(|kind| kind.as_bytes().starts_with(b"application/grpc"))
}
