//! A service behind the gateway: the way to it, and what keeps it and the gateway alive when it
//! does not do well.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::request::Parts;
use axum::http::uri::{Authority, PathAndQuery, Scheme, Uri};
use axum::http::{HeaderValue, Request, Response, StatusCode, header};
use backon::{BackoffBuilder, ExponentialBuilder};
use hyper::body::Incoming;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;
use tower::retry::budget::{Budget, TpsBudget};

use crate::body::Upload;
use crate::failure::Failure;
use crate::settings::{Address, Settings};
use crate::{headers, meters};

use self::breaker::{Breaker, Call};

mod breaker;
mod connections;
mod deadline;

{% if options.grpc -%}
pub use connections::{Client, client, grpc_client};
{% else -%}
pub use connections::{Client, client};
{% endif -%}
pub use deadline::Deadline;

/// How often a request is sent once more, and the pause before it, about: half of it is chance, so
/// that clients that failed together do not come back together.
const RETRIES: usize = 2;
const PAUSE: Duration = Duration::from_millis(25);

/// Retries are at most a fifth of the requests, and a few: those of many clients together are a load
/// that a service in trouble does not need.
const RETRY_SHARE: f32 = 0.2;
const RETRIES_PER_SECOND: u32 = 2;

/// A service behind the gateway.
pub struct Upstream {
    pub name: &'static str,
    pub address: Authority,
    breaker: Breaker,
    slots: Arc<Semaphore>,
    budget: TpsBudget,
}

/// One of the calls that a service may be asked at the same time.
pub struct Slot {
    service: &'static str,
    _permit: OwnedSemaphorePermit,
}

impl Drop for Slot {
    fn drop(&mut self) {
        meters::in_flight(self.service).decrement(1);
    }
}

impl Upstream {
    pub fn new(
        name: &'static str,
        address: &Address,
        client: &Client,
        settings: &Settings,
    ) -> anyhow::Result<Self> {
        Ok(Self {
            name,
            address: address.0.clone(),
            breaker: Breaker::new(name, client.clone(), settings.breaker_wait)?,
            slots: Arc::new(Semaphore::new(settings.concurrency)),
            budget: TpsBudget::new(Duration::from_secs(10), RETRIES_PER_SECOND, RETRY_SHARE),
        })
    }

    /// A place among the calls under way; nobody waits for one, since those who wait pile up.
    pub fn slot(&self) -> Result<Slot, Failure> {
        let permit = self.slots.clone().try_acquire_owned();
        let permit = permit.map_err(|_| Failure::Busy)?;
        meters::in_flight(self.name).increment(1);
        Ok(Slot {
            service: self.name,
            _permit: permit,
        })
    }

    /// The service's answer, or why there is none. `path` is all that the request says about where
    /// it goes.
    pub async fn call(
        &self,
        mut head: Parts,
        body: Body,
        path: PathAndQuery,
        deadline: Deadline,
    ) -> Result<Response<Incoming>, Failure> {
        let uri = Uri::builder()
            .scheme(Scheme::HTTP)
            .authority(self.address.clone())
            .path_and_query(path);
        head.uri = uri.build().unwrap_or_default();
        let (upload, sent) = Upload::new(body);
        let is_repeatable = head.method.is_idempotent() && sent.is_all();
        let call = |head: Parts, body| Call {
            request: Request::from_parts(head, body),
            deadline,
            sent: sent.clone(),
        };
        if !is_repeatable {
            let body = Body::new(upload);
            return self.once(call(head, body)).await;
        }
        self.budget.deposit();
        let pauses = ExponentialBuilder::new()
            .with_min_delay(PAUSE)
            .with_jitter()
            .with_max_times(RETRIES);
        let mut pauses = pauses.build();
        loop {
            let outcome = self.once(call(head.clone(), Body::empty())).await;
            if !is_worth_a_retry(&outcome) {
                return outcome;
            }
            let pause = pauses
                .next()
                .filter(|pause| Instant::now() + *pause < deadline.at);
            let Some(pause) = pause.filter(|_| self.budget.withdraw()) else {
                return outcome;
            };
            tokio::time::sleep(pause).await;
            meters::retried(self.name);
        }
    }

    async fn once(&self, mut call: Call) -> Result<Response<Incoming>, Failure> {
        let left = call.deadline.at.saturating_duration_since(Instant::now());
        let left = u64::try_from(left.as_millis()).unwrap_or(u64::MAX);
        let headers = call.request.headers_mut();
        headers.insert(headers::TIMEOUT, HeaderValue::from(left));
        self.breaker.call(call).await
    }
}

/// The service said that it, or one that it needs, is not there now.
#[must_use]
pub fn is_unavailable(status: StatusCode) -> bool {
    matches!(
        status,
        StatusCode::BAD_GATEWAY | StatusCode::SERVICE_UNAVAILABLE | StatusCode::GATEWAY_TIMEOUT
    )
}

/// The same, and it does not say when to come back: one that does is well enough to refuse.
fn is_failing(answer: &Response<Incoming>) -> bool {
{%- if options.grpc %}
    // A call that fails at once tells its status in the head of the answer; 14 is UNAVAILABLE.
    let status = answer.headers().get("grpc-status");
    if status.is_some_and(|status| status == "14") {
        return true;
    }
{%- endif %}
    is_unavailable(answer.status()) && !answer.headers().contains_key(header::RETRY_AFTER)
}

fn is_worth_a_retry(outcome: &Result<Response<Incoming>, Failure>) -> bool {
    match outcome {
        Ok(answer) => is_failing(answer),
        Err(failure) => failure.is_transient(),
    }
}
