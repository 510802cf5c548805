//! Numbers about the services behind the gateway. Their labels are names of services and words from
//! here, so that there are few of them whatever clients send.

use axum::http::StatusCode;
use metrics::{Gauge, counter, gauge};
use tower_resilience_circuitbreaker::CircuitState;

/// Says what the numbers mean, where Prometheus shows them.
pub fn describe() {
    metrics::describe_counter!(
        "gateway_upstream_requests_total",
        "Requests for a service, by how they ended."
    );
    metrics::describe_counter!(
        "gateway_upstream_retries_total",
        "Requests sent to a service once more."
    );
    metrics::describe_gauge!(
        "gateway_upstream_in_flight",
        "Requests that a service is working on."
    );
    metrics::describe_gauge!(
        "gateway_breaker_state",
        "Whether a service is left alone: 0 no, 1 it is tried again, 2 yes."
    );
    metrics::describe_counter!(
        "gateway_degraded_total",
        "Requests answered in place of a service: stale or default."
    );
    metrics::describe_counter!(
        "gateway_rate_limited_total",
        "Requests refused because their client sent too many."
    );
}

pub fn answered(service: &'static str, status: StatusCode) {
    let outcome = match status.as_u16() {
        ..300 => "2xx",
        300..400 => "3xx",
        400..500 => "4xx",
        _ => "5xx",
    };
    requested(service, outcome);
}

pub fn requested(service: &'static str, outcome: &'static str) {
    counter!("gateway_upstream_requests_total", "service" => service, "outcome" => outcome)
        .increment(1);
}

pub fn retried(service: &'static str) {
    counter!("gateway_upstream_retries_total", "service" => service).increment(1);
}

pub fn degraded(service: &'static str, kind: &'static str) {
    counter!("gateway_degraded_total", "service" => service, "kind" => kind).increment(1);
}

pub fn rate_limited() {
    counter!("gateway_rate_limited_total").increment(1);
}

pub fn in_flight(service: &'static str) -> Gauge {
    gauge!("gateway_upstream_in_flight", "service" => service)
}

pub fn breaker(service: &'static str, state: CircuitState) {
    let value = match state {
        CircuitState::Closed => 0,
        CircuitState::HalfOpen => 1,
        CircuitState::Open => 2,
    };
    gauge!("gateway_breaker_state", "service" => service).set(value);
}
