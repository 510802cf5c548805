//! The way to one service: how many go it at the same time, and how often one that came back with
//! nothing goes it again.

use std::pin::Pin;
use std::time::Duration;

use axum::http::HeaderMap;
use axum::http::uri::{Authority, PathAndQuery, Scheme, Uri};
use metrics::Gauge;
use tokio::sync::Semaphore;
use tokio::time::{Instant, timeout_at};

use super::caller::Caller;
use super::deadline::Deadline;
use super::failure::Failure;
use super::{Result, Settings};
use crate::metrics::InFlight;
use crate::trace::{REQUEST_ID, TRACEPARENT, TraceContext};
use crate::upstream::{Address, Breaker, Connections, Resting, Retries, meters};

pub struct Way {
    service: &'static str,
    authority: Authority,
    pub connections: Connections,
    breaker: Breaker,
    slots: Semaphore,
    in_flight: Gauge,
    retries: Retries,
    timeout: Duration,
}

impl Way {
    pub fn new(
        service: &'static str,
        address: &Address,
        connections: Connections,
        settings: &Settings,
    ) -> anyhow::Result<Self> {
        meters::describe();
        Ok(Self {
            service,
            authority: address.authority().clone(),
            connections,
            breaker: Breaker::new(service, settings.breaker_wait)?,
            slots: Semaphore::new(settings.concurrency),
            in_flight: meters::in_flight(service),
            retries: Retries::new(service),
            timeout: settings.timeout,
        })
    }

    /// The service's answer, or why there is none. `attempt` asks it once, and again where that is
    /// worth it: when the service got nothing, or when it may be asked twice.
    ///
    /// It is boxed, so that whoever waits for it need not know of what it is made: futures that hold
    /// closures are too much for the compiler where a trait wants them to be `Send`.
    pub fn go<'a, T, A>(
        &'a self,
        caller: Option<&'a Caller>,
        is_repeatable: bool,
        attempt: impl Fn(Deadline) -> A + Send + 'a,
    ) -> Pin<Box<dyn Future<Output = Result<T>> + Send + 'a>>
    where
        T: Send + 'static,
        A: Future<Output = Result<T>> + Send + 'static,
    {
        Box::pin(async move {
            let started = Instant::now();
            let outcome = self.attempts(caller, is_repeatable, attempt).await;
            let label = outcome.as_ref().err().map_or("2xx", Failure::label);
            meters::ended(self.service, label, started.elapsed());
            outcome
        })
    }

    async fn attempts<T, A>(
        &self,
        caller: Option<&Caller>,
        is_repeatable: bool,
        attempt: impl Fn(Deadline) -> A + Send,
    ) -> Result<T>
    where
        T: Send + 'static,
        A: Future<Output = Result<T>> + Send + 'static,
    {
        // Nobody waits for a place: those who wait pile up.
        let _slot = self.slots.try_acquire().map_err(|_| Failure::Busy)?;
        let _in_flight = InFlight::start(&self.in_flight);
        let deadline = Deadline::of(caller, self.timeout);
        let mut pauses = self.retries.begin();
        loop {
            let answer = timeout_at(deadline.at, attempt(deadline));
            let in_time = async move { answer.await.unwrap_or_else(|_| Err(deadline.passed())) };
            let outcome = self.breaker.guard(in_time, is_failing).await;
            let outcome = outcome.unwrap_or_else(|Resting(wait)| Err(Failure::Resting(wait)));
            let is_worth_it = match &outcome {
                Err(Failure::Unreachable) => true,
                Err(failure) => is_repeatable && failure.is_transient(),
                Ok(_) => false,
            };
            if !is_worth_it || !self.retries.again(&mut pauses, deadline.at).await {
                return outcome;
            }
        }
    }

    /// Where a call goes.
    pub fn uri(&self, path: PathAndQuery) -> Uri {
        let uri = Uri::builder()
            .scheme(Scheme::HTTP)
            .authority(self.authority.clone())
            .path_and_query(path);
        uri.build().unwrap_or_default()
    }
}

fn is_failing<T>(outcome: &Result<T>) -> bool {
    outcome.as_ref().is_err_and(Failure::is_of_service)
}

/// The trace goes on, or one begins here.
pub fn pass_on(caller: Option<&Caller>, headers: &mut HeaderMap) {
    let fresh = || TraceContext::from_headers(&HeaderMap::new());
    let trace = caller.map_or_else(fresh, |caller| caller.trace.clone());
    headers.insert(TRACEPARENT, trace.traceparent());
    headers.insert(REQUEST_ID, trace.request_id);
}
