//! What is noted about every call: the ids for the log lines in it, a line at its end, and the
//! metrics.

use std::time::{Duration, Instant};

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use tonic::{Code, Status};

use super::meters;
use crate::metrics::InFlight;
use crate::trace;

/// Middleware around everything else, so that it sees what the client will see.
pub async fn observe(request: Request, next: Next) -> Response {
    trace::answer(request, |request| measure(request, next)).await
}

async fn measure(request: Request, next: Next) -> Response {
    let started = Instant::now();
    let in_flight = InFlight::start(&meters::IN_FLIGHT);
    let path = request.uri().path().to_owned();

    let response = next.run(request).await;

    let (code, duration) = (code(&response), started.elapsed());
    log(&path, code, duration);
    meters::record(&path, code, duration);
    drop(in_flight);
    response
}

/// An answer that fails says so in its head. One that succeeds has its status at the end, behind
/// the message.
fn code(response: &Response) -> Code {
    let status = response.headers().get(Status::GRPC_STATUS);
    status.map_or(Code::Ok, |status| Code::from_bytes(status.as_bytes()))
}

/// A line for every call would cost a third of the throughput: successes are counted by the
/// metrics, and logged with `RUST_LOG=info,requests=debug`.
fn log(path: &str, code: Code, duration: Duration) {
    let microseconds = u64::try_from(duration.as_micros()).unwrap_or(u64::MAX);
    match code {
        Code::Ok => tracing::debug!(target: "requests", path, ?code, microseconds, "answered"),
        Code::Unknown
        | Code::DeadlineExceeded
        | Code::Internal
        | Code::Unavailable
        | Code::DataLoss => {
            tracing::warn!(target: "requests", path, ?code, microseconds, "failed");
        }
        _ => tracing::info!(target: "requests", path, ?code, microseconds, "refused"),
    }
}
