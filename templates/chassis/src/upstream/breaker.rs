//! The circuit breaker: a service that fails too often is left alone for a while. Those who ask get
//! their failure at once, and the service gets the quiet to recover.

use std::convert::Infallible;
use std::task::{Context, Poll};
use std::time::Duration;

use tower::{Layer, Service, ServiceExt};
use tower_resilience_circuitbreaker::{
    CircuitBreaker, CircuitBreakerError, CircuitBreakerLayer, CircuitState, FailureClassifier,
};

use super::meters;

/// How many of the last calls are looked at, and the share of failures among them that opens the
/// breaker.
const WINDOW: usize = 20;
const FAILURE_RATE: f64 = 0.5;

/// Calls that are let through to see whether the service is well again; all of them must succeed.
const TRIALS: usize = 3;

/// The way to a service, which is closed while it fails.
pub struct Breaker {
    guarded: CircuitBreaker<Attempts, Judgement>,
    wait: Duration,
}

/// The service is left alone for this time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Resting(pub Duration);

impl Breaker {
    /// # Errors
    /// The time that a service is left alone is none.
    pub fn new(service: &'static str, wait: Duration) -> anyhow::Result<Self> {
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
            .failure_classifier_type(Judgement)
            .build()?;
        Ok(Self {
            guarded: layer.layer(Attempts),
            wait,
        })
    }

    /// What an attempt ends with, unless the service is left alone. `is_failing` tells whether that
    /// is a failure of the service, and not of the call.
    ///
    /// # Errors
    /// It is left alone: nothing was tried.
    pub async fn guard<O: Send + 'static>(
        &self,
        attempt: impl Future<Output = O> + Send + 'static,
        is_failing: fn(&O) -> bool,
    ) -> Result<O, Resting> {
        let judged = async move {
            let outcome = attempt.await;
            let is_failing = is_failing(&outcome);
            Ok(Judged {
                outcome,
                is_failing,
            })
        };
        match self.guarded.clone().oneshot(judged).await {
            Ok(judged) => Ok(judged.outcome),
            Err(CircuitBreakerError::OpenCircuit) => Err(Resting(self.wait)),
            Err(CircuitBreakerError::Inner(never)) => match never {},
        }
    }
}

struct Judged<O> {
    outcome: O,
    is_failing: bool,
}

/// Attempts as tower wants them: each is its own request.
#[derive(Clone)]
struct Attempts;

impl<A, O> Service<A> for Attempts
where
    A: Future<Output = Result<O, Infallible>>,
{
    type Response = O;
    type Error = Infallible;
    type Future = A;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, attempt: A) -> A {
        attempt
    }
}

struct Judgement;

impl<O> FailureClassifier<Judged<O>, Infallible> for Judgement {
    fn classify(&self, judged: &Result<Judged<O>, Infallible>) -> bool {
        judged.as_ref().is_ok_and(|judged| judged.is_failing)
    }
}
