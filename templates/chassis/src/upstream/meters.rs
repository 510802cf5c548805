//! Numbers about the services that are called. Their labels are names of services and a few words,
//! so that there are few of them.

use std::time::Duration;

use metrics::{Gauge, counter, gauge, histogram};
use tower_resilience_circuitbreaker::CircuitState;

/// Says what the numbers mean, where Prometheus shows them.
pub fn describe() {
    metrics::describe_counter!(
        "client_requests_total",
        "Calls of a service, by how they ended."
    );
    metrics::describe_histogram!(
        "client_request_duration_seconds",
        "Time that calls of a service took, repetitions included."
    );
    metrics::describe_counter!("client_retries_total", "Calls of a service repeated.");
    metrics::describe_gauge!("client_in_flight", "Calls that a service is working on.");
    metrics::describe_gauge!(
        "client_breaker_state",
        "Whether a service is left alone: 0 no, 1 it is tried again, 2 yes."
    );
}

pub fn ended(service: &'static str, outcome: &'static str, duration: Duration) {
    counter!("client_requests_total", "service" => service, "outcome" => outcome).increment(1);
    histogram!("client_request_duration_seconds", "service" => service).record(duration);
}

pub fn retried(service: &'static str) {
    counter!("client_retries_total", "service" => service).increment(1);
}

pub fn in_flight(service: &'static str) -> Gauge {
    gauge!("client_in_flight", "service" => service)
}

pub fn breaker(service: &'static str, state: CircuitState) {
    let value = match state {
        CircuitState::Closed => 0,
        CircuitState::HalfOpen => 1,
        CircuitState::Open => 2,
    };
    gauge!("client_breaker_state", "service" => service).set(value);
}
