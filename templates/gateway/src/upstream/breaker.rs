//! The circuit breaker: a service that fails too often is left alone for a while. Those who ask get
//! their refusal at once, and the service gets the quiet to recover.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, Response};
use hyper::body::Incoming;
use tokio::time::timeout_at;
use tower::{Layer, Service, ServiceExt};
use tower_resilience_circuitbreaker::{
    CircuitBreaker, CircuitBreakerError, CircuitBreakerLayer, CircuitState, FailureClassifier,
};

use super::{Client, Deadline, is_failing};
use crate::body::Sent;
use crate::failure::Failure;
use crate::meters;

/// How many of the last calls are looked at, and the share of failures among them that opens the
/// breaker.
const WINDOW: usize = 20;
const FAILURE_RATE: f64 = 0.5;

/// Calls that are let through to see whether the service is well again; all of them must succeed.
const TRIALS: usize = 3;

/// One try of a request.
pub struct Call {
    pub request: Request<Body>,
    pub deadline: Deadline,
    pub sent: Sent,
}

/// The way to a service, which is closed while it fails.
pub struct Breaker {
    guarded: CircuitBreaker<Dial, Unavailable>,
    wait: Duration,
}

impl Breaker {
    pub fn new(service: &'static str, client: Client, wait: Duration) -> anyhow::Result<Self> {
        meters::breaker(service, CircuitState::Closed);
        let layer = CircuitBreakerLayer::builder()
            .name(service)
            .sliding_window_size(WINDOW)
            .failure_rate_threshold(FAILURE_RATE)
            .permitted_calls_in_half_open(TRIALS)
            .wait_duration_in_open(wait)
            .on_state_transition(move |from, to| {
                tracing::warn!(service, ?from, ?to, "circuit breaker");
                meters::breaker(service, to);
            })
            .failure_classifier_type(Unavailable)
            .build()?;
        Ok(Self {
            guarded: layer.layer(Dial { client }),
            wait,
        })
    }

    pub async fn call(&self, call: Call) -> Result<Response<Incoming>, Failure> {
        let outcome = self.guarded.clone().oneshot(call).await;
        outcome.map_err(|error| match error {
            CircuitBreakerError::OpenCircuit => Failure::Resting(self.wait),
            CircuitBreakerError::Inner(failure) => failure,
        })
    }
}

/// What counts as a failure of the service.
struct Unavailable;

impl FailureClassifier<Response<Incoming>, Failure> for Unavailable {
    fn classify(&self, outcome: &Result<Response<Incoming>, Failure>) -> bool {
        match outcome {
            Ok(answer) => is_failing(answer),
            Err(failure) => failure.is_of_service(),
        }
    }
}

/// Sends a request, and waits until its deadline.
#[derive(Clone)]
struct Dial {
    client: Client,
}

type Answering = Pin<Box<dyn Future<Output = Result<Response<Incoming>, Failure>> + Send>>;

impl Service<Call> for Dial {
    type Response = Response<Incoming>;
    type Error = Failure;
    type Future = Answering;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Failure>> {
        // Connections are made as they are needed.
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, call: Call) -> Answering {
        let answer = self.client.request(call.request);
        Box::pin(async move {
            match timeout_at(call.deadline.at, answer).await {
                Ok(Ok(answer)) => Ok(answer),
                Ok(Err(error)) => {
                    tracing::debug!(%error, "no answer");
                    Err(Failure::from(&error))
                }
                Err(_) if !call.sent.is_all() => Err(Failure::BodySlow),
                Err(_) if call.deadline.is_of_client => Err(Failure::Impatient),
                Err(_) => Err(Failure::TimedOut),
            }
        })
    }
}
