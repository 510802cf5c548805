//! A service behind the gateway, as calls by a client of the chassis see one. It has a way of its
//! own, since bodies go through it in pieces: what has begun to be sent can't be sent again, and a
//! body that is slow is the client's fault.

use std::sync::Arc;

use axum::body::Body;
use axum::http::request::Parts;
use axum::http::uri::{Authority, PathAndQuery, Scheme, Uri};
use axum::http::{HeaderValue, Request, Response, StatusCode, header};
use chassis::upstream::{Address, Breaker, Connections, Resting, Retries, meters};
use hyper::body::Incoming;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout_at;

use crate::body::{Sent, Upload};
use crate::failure::Failure;
use crate::headers;
use crate::settings::Settings;

mod deadline;

pub use deadline::Deadline;

/// A service behind the gateway.
pub struct Upstream {
    pub name: &'static str,
    pub address: Authority,
    connections: Connections,
    breaker: Breaker,
    slots: Arc<Semaphore>,
    retries: Retries,
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
        connections: &Connections,
        settings: &Settings,
    ) -> anyhow::Result<Self> {
        Ok(Self {
            name,
            address: address.authority().clone(),
            connections: connections.clone(),
            breaker: Breaker::new(name, settings.breaker_wait)?,
            slots: Arc::new(Semaphore::new(settings.concurrency)),
            retries: Retries::new(name),
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
        if !is_repeatable {
            let request = Request::from_parts(head, Body::new(upload));
            return self.once(request, sent, deadline).await;
        }
        let mut pauses = self.retries.begin();
        loop {
            let request = Request::from_parts(head.clone(), Body::empty());
            let outcome = self.once(request, sent.clone(), deadline).await;
            let is_worth_it = match &outcome {
                Ok(answer) => is_failing(answer),
                Err(failure) => failure.is_transient(),
            };
            if !is_worth_it || !self.retries.again(&mut pauses, deadline.at).await {
                return outcome;
            }
        }
    }

    async fn once(
        &self,
        mut request: Request<Body>,
        sent: Sent,
        deadline: Deadline,
    ) -> Result<Response<Incoming>, Failure> {
        let left = u64::try_from(deadline.left().as_millis()).unwrap_or(u64::MAX);
        let headers = request.headers_mut();
        headers.insert(headers::TIMEOUT, HeaderValue::from(left));
        let answer = self.connections.request(request);
        let attempt = async move {
            match timeout_at(deadline.at, answer).await {
                Ok(Ok(answer)) => Ok(answer),
                Ok(Err(error)) => {
                    tracing::debug!(%error, "no answer");
                    Err(Failure::from(&error))
                }
                Err(_) if !sent.is_all() => Err(Failure::BodySlow),
                Err(_) => Err(deadline.passed()),
            }
        };
        let outcome = self.breaker.guard(attempt, is_of_service).await;
        outcome.unwrap_or_else(|Resting(wait)| Err(Failure::Resting(wait)))
    }
}

/// What counts as a failure of the service.
fn is_of_service(outcome: &Result<Response<Incoming>, Failure>) -> bool {
    match outcome {
        Ok(answer) => is_failing(answer),
        Err(failure) => failure.is_of_service(),
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
