//! What is noted about every request: a span for the log lines in it, a line at its end, and the
//! metrics.

use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::Response;
use tracing::Instrument;

use crate::metrics::{self, InFlight};
use crate::trace::{REQUEST_ID, TraceContext};

/// Middleware around everything else, so that it sees what the client will see.
pub async fn observe(mut request: Request, next: Next) -> Response {
    let started = Instant::now();
    let in_flight = InFlight::start();
    let method = request.method().clone();
    let matched = request.extensions().get::<MatchedPath>().cloned();
    let route = matched.as_ref().map_or("unmatched", MatchedPath::as_str);
    let context = TraceContext::from_headers(request.headers());
    let request_id = context.request_id.clone();
    let span = tracing::info_span!(
        "request",
        %method,
        path = request.uri().path(),
        request_id = request_id.to_str().unwrap_or_default(),
        trace_id = %format_args!("{:032x}", context.trace_id),
        span_id = %format_args!("{:016x}", context.span_id),
    );
    request.extensions_mut().insert(context);

    let mut response = next.run(request).instrument(span.clone()).await;

    let (status, duration) = (response.status(), started.elapsed());
    let milliseconds = duration.as_secs_f64() * 1000.0;
    span.in_scope(|| tracing::info!(status = status.as_u16(), milliseconds, "answered"));
    metrics::record(&method, route, status, duration);
    drop(in_flight);
    response.headers_mut().insert(REQUEST_ID, request_id);
    response
}
