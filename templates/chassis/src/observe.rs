//! What is noted about every request: the ids for the log lines in it, a line at its end, and
//! the metrics.

use std::time::{Duration, Instant};

use axum::extract::{MatchedPath, Request};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::Response;

use crate::metrics::InFlight;
use crate::trace;

mod meters;

/// Middleware around everything else, so that it sees what the client will see.
pub async fn observe(request: Request, next: Next) -> Response {
    trace::answer(request, |request| measure(request, next)).await
}

async fn measure(request: Request, next: Next) -> Response {
    let started = Instant::now();
    let in_flight = InFlight::start(&meters::IN_FLIGHT);
    let (method, uri) = (request.method().clone(), request.uri().clone());
    let route = request.extensions().get::<MatchedPath>().cloned();

    let response = next.run(request).await;

    let (status, duration) = (response.status(), started.elapsed());
    log(&method, uri.path(), status, duration);
    let route = route.as_ref().map_or("unmatched", MatchedPath::as_str);
    meters::record(&method, route, status, duration);
    drop(in_flight);
    response
}

/// A line for every request would cost a third of the throughput: successes are counted by the
/// metrics, and logged with `RUST_LOG=info,requests=debug`.
fn log(method: &Method, path: &str, status: StatusCode, duration: Duration) {
    let status = status.as_u16();
    let microseconds = u64::try_from(duration.as_micros()).unwrap_or(u64::MAX);
    match status {
        500.. => tracing::warn!(target: "requests", %method, path, status, microseconds, "failed"),
        400.. => tracing::info!(target: "requests", %method, path, status, microseconds, "refused"),
        _ => tracing::debug!(target: "requests", %method, path, status, microseconds, "answered"),
    }
}
