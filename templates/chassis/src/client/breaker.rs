//! The circuit breaker: a service that fails too often is left alone for a while. Those who ask get
//! their failure at once, and the service gets the quiet to recover.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, Response, StatusCode, header};
use hyper::body::Incoming;
use hyper_util::client::legacy;
use hyper_util::client::legacy::connect::HttpConnector;
use tokio::time::{Instant, timeout_at};
use tower::{Layer, Service, ServiceExt};
use tower_resilience_circuitbreaker::{
    CircuitBreaker, CircuitBreakerError, CircuitBreakerLayer, CircuitState, FailureClassifier,
};

use super::failure::Failure;
use super::meters;

/// How many of the last calls are looked at, and the share of failures among them that opens the
/// breaker.
const WINDOW: usize = 20;
const FAILURE_RATE: f64 = 0.5;

/// Calls that are let through to see whether the service is well again; all of them must succeed.
const TRIALS: usize = 3;

/// Connections to a service.
pub type Connections = legacy::Client<HttpConnector, Body>;

/// Until when an answer is waited for.
#[derive(Debug, Clone, Copy)]
pub struct Deadline {
    pub at: Instant,
    /// What it means that it has passed.
    pub passed: Passed,
}

/// Whose patience is at an end: the settings', or that of a caller who has less.
#[derive(Debug, Clone, Copy)]
pub enum Passed {
    TimedOut,
    Impatient,
}

impl From<Passed> for Failure {
    fn from(passed: Passed) -> Self {
        match passed {
            Passed::TimedOut => Self::TimedOut,
            Passed::Impatient => Self::Impatient,
        }
    }
}

/// A request, and until when its answer is waited for.
pub type Try = (Request<Body>, Deadline);

/// The way to a service, which is closed while it fails.
pub struct Breaker {
    guarded: CircuitBreaker<Dial, Unavailable>,
    wait: Duration,
}

impl Breaker {
    pub fn new(
        service: &'static str,
        connections: Connections,
        wait: Duration,
    ) -> anyhow::Result<Self> {
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
            guarded: layer.layer(Dial { connections }),
            wait,
        })
    }

    pub async fn send(&self, attempt: Try) -> Result<Response<Incoming>, Failure> {
        let outcome = self.guarded.clone().oneshot(attempt).await;
        outcome.map_err(|error| match error {
            CircuitBreakerError::OpenCircuit => Failure::Resting(self.wait),
            CircuitBreakerError::Inner(failure) => failure,
        })
    }
}

/// The service said that it, or one that it needs, is not there now. One that says when to come
/// back is well enough to refuse.
pub fn is_failing(answer: &Response<Incoming>) -> bool {
    let is_unavailable = matches!(
        answer.status(),
        StatusCode::BAD_GATEWAY | StatusCode::SERVICE_UNAVAILABLE | StatusCode::GATEWAY_TIMEOUT
    );
    is_unavailable && !answer.headers().contains_key(header::RETRY_AFTER)
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
    connections: Connections,
}

type Answering = Pin<Box<dyn Future<Output = Result<Response<Incoming>, Failure>> + Send>>;

impl Service<Try> for Dial {
    type Response = Response<Incoming>;
    type Error = Failure;
    type Future = Answering;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Failure>> {
        // Connections are made as they are needed.
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, (request, deadline): Try) -> Answering {
        let answer = self.connections.request(request);
        Box::pin(async move {
            match timeout_at(deadline.at, answer).await {
                Ok(Ok(answer)) => Ok(answer),
                Ok(Err(error)) => {
                    tracing::debug!(%error, "no answer");
                    Err(if error.is_connect() {
                        Failure::Unreachable
                    } else {
                        Failure::Broken
                    })
                }
                Err(_) => Err(deadline.passed.into()),
            }
        })
    }
}
