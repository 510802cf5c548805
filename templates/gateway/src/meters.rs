//! What the gateway counts beside what is counted of all calls (`client_..`, in the chassis). Labels
//! are names of services and words from here, so that there are few of them whatever clients send.

use axum::http::StatusCode;
use metrics::counter;

/// Says what the numbers mean, where Prometheus shows them.
pub fn describe() {
    metrics::describe_counter!(
        "gateway_degraded_total",
        "Requests answered in place of a service: stale or default."
    );
    metrics::describe_counter!(
        "gateway_rate_limited_total",
        "Requests refused because their client sent too many."
    );
}

/// How a call of a service ended that was answered.
pub fn outcome(status: StatusCode) -> &'static str {
    match status.as_u16() {
        ..300 => "2xx",
        300..400 => "3xx",
        400..500 => "4xx",
        _ => "5xx",
    }
}

pub fn degraded(service: &'static str, kind: &'static str) {
    counter!("gateway_degraded_total", "service" => service, "kind" => kind).increment(1);
}

pub fn rate_limited() {
    counter!("gateway_rate_limited_total").increment(1);
}
