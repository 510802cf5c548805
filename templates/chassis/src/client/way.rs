//! The way to one service: how many go it at the same time, and how often one that came back with
//! nothing goes it again.

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::request::Parts;
use axum::http::uri::{Authority, PathAndQuery, Scheme, Uri};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Request, Response, header};
use backon::{BackoffBuilder, ExponentialBuilder};
use hyper::body::Incoming;
use hyper_util::client::legacy;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use metrics::Gauge;
use tokio::sync::Semaphore;
use tokio::time::{Instant, timeout_at};
use tower::retry::budget::{Budget, TpsBudget};

use super::answer::Answer;
use super::breaker::{Breaker, Connections, Deadline, Passed, is_failing};
use super::call::ONCE;
use super::caller::{Caller, TIMEOUT};
use super::failure::Failure;
use super::{Address, Result, Settings, meters};
use crate::metrics::InFlight;
use crate::trace::{REQUEST_ID, TRACEPARENT, TraceContext};

/// How long a connection may take to be made.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);

/// Idle connections are closed before services close theirs (after 75 s), so that no request is
/// sent into a connection that is about to end.
const IDLE_TIMEOUT: Duration = Duration::from_secs(30);

/// How often a call is repeated, and the pause before that, about: half of it is chance, so that
/// those who failed together do not come back together.
const RETRIES: usize = 2;
const PAUSE: Duration = Duration::from_millis(25);

/// Repetitions are at most a fifth of the calls, and a few: those of many callers together are a
/// load that a service in trouble does not need.
const RETRY_SHARE: f32 = 0.2;
const RETRIES_PER_SECOND: u32 = 2;

/// Bytes of an answer at most.
const ANSWER_LIMIT: usize = 16 * 1024 * 1024;

pub struct Way {
    service: &'static str,
    authority: Authority,
    breaker: Breaker,
    slots: Semaphore,
    in_flight: Gauge,
    budget: TpsBudget,
    timeout: Duration,
}

impl Way {
    pub fn new(
        service: &'static str,
        address: &Address,
        settings: &Settings,
    ) -> anyhow::Result<Self> {
        meters::describe();
        Ok(Self {
            service,
            authority: address.0.clone(),
            breaker: Breaker::new(service, connections(), settings.breaker_wait)?,
            slots: Semaphore::new(settings.concurrency),
            in_flight: meters::in_flight(service),
            budget: TpsBudget::new(Duration::from_secs(10), RETRIES_PER_SECOND, RETRY_SHARE),
            timeout: settings.timeout,
        })
    }

    /// The service's answer, whatever that is, or why there is none.
    pub async fn go(
        &self,
        head: Parts,
        path: PathAndQuery,
        body: Bytes,
        caller: Option<&Caller>,
    ) -> Result<Answer> {
        let started = Instant::now();
        let outcome = self.answer(head, path, body, caller).await;
        let outcome = outcome.and_then(Answer::accepted);
        let label = outcome.as_ref().map_or_else(Failure::label, |_| "2xx");
        meters::ended(self.service, label, started.elapsed());
        outcome
    }

    async fn answer(
        &self,
        mut head: Parts,
        path: PathAndQuery,
        body: Bytes,
        caller: Option<&Caller>,
    ) -> Result<Answer> {
        // Nobody waits for a place: those who wait pile up.
        let _slot = self.slots.try_acquire().map_err(|_| Failure::Busy)?;
        let _in_flight = InFlight::start(&self.in_flight);
        let own = Instant::now() + self.timeout;
        let until = caller.and_then(|caller| caller.until);
        let deadline = match until.filter(|until| *until < own) {
            Some(at) => Deadline {
                at,
                passed: Passed::Impatient,
            },
            None => Deadline {
                at: own,
                passed: Passed::TimedOut,
            },
        };
        let uri = Uri::builder()
            .scheme(Scheme::HTTP)
            .authority(self.authority.clone())
            .path_and_query(path);
        head.uri = uri.build().unwrap_or_default();
        pass_on(caller, &mut head.headers);
        let (head, body) = self.attempts(head, body, deadline).await?.into_parts();
        let body = axum::body::to_bytes(Body::new(body), ANSWER_LIMIT);
        let body = timeout_at(deadline.at, body).await;
        let body = body.map_err(|_| Failure::from(deadline.passed))?;
        Ok(Answer {
            status: head.status,
            headers: head.headers,
            body: body.map_err(|_| Failure::Broken)?,
        })
    }

    async fn attempts(
        &self,
        head: Parts,
        body: Bytes,
        deadline: Deadline,
    ) -> Result<Response<Incoming>> {
        // What a condition guards is done once: a repetition would be refused because of the first.
        let has = |name: &HeaderName| head.headers.contains_key(name);
        let is_repeatable = has(&ONCE) || head.method.is_idempotent() && !has(&header::IF_MATCH);
        self.budget.deposit();
        let mut pauses = ExponentialBuilder::new()
            .with_min_delay(PAUSE)
            .with_jitter()
            .with_max_times(RETRIES)
            .build();
        loop {
            let mut request = Request::from_parts(head.clone(), Body::from(body.clone()));
            let left = deadline.at.saturating_duration_since(Instant::now());
            let left = u64::try_from(left.as_millis()).unwrap_or(u64::MAX);
            request.headers_mut().insert(TIMEOUT, left.into());
            let outcome = self.breaker.send((request, deadline)).await;
            let is_worth_it = match &outcome {
                Ok(answer) => is_repeatable && is_failing(answer),
                Err(Failure::Unreachable) => true,
                Err(failure) => is_repeatable && *failure == Failure::Broken,
            };
            let pause = pauses.next().filter(|_| is_worth_it);
            let pause = pause.filter(|pause| Instant::now() + *pause < deadline.at);
            let Some(pause) = pause.filter(|_| self.budget.withdraw()) else {
                return outcome;
            };
            tokio::time::sleep(pause).await;
            meters::retried(self.service);
        }
    }
}

/// The trace goes on, or one begins here.
fn pass_on(caller: Option<&Caller>, headers: &mut HeaderMap) {
    let fresh = || TraceContext::from_headers(&HeaderMap::new());
    let trace = caller.map_or_else(fresh, |caller| caller.trace.clone());
    headers.insert(TRACEPARENT, trace.traceparent());
    headers.insert(REQUEST_ID, trace.request_id);
    headers.insert(header::ACCEPT, HeaderValue::from_static("application/json"));
}

fn connections() -> Connections {
    let mut connector = HttpConnector::new();
    connector.set_connect_timeout(Some(CONNECT_TIMEOUT));
    connector.set_nodelay(true);
    legacy::Client::builder(TokioExecutor::new())
        .timer(TokioTimer::new())
        .pool_timer(TokioTimer::new())
        .pool_idle_timeout(IDLE_TIMEOUT)
        .build(connector)
}
