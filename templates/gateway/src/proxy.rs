//! A request on its way: checked, sent to the service, answered with what comes back, or with the
//! best that there is instead.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use chassis::Problem;
use chassis::problem::AsItIs;
use chassis::trace::TraceContext;
use chassis::upstream;
use hyper::body::Incoming;
use tokio::time::Instant;
use tower_http::timeout::TimeoutBody;

use crate::body::Answer;
use crate::failure::Failure;
use crate::origin::Origin;
use crate::route::Route;
use crate::stale::{DEGRADED, Stale};
use crate::upstream::{Deadline, Slot, Upstream, is_unavailable};
use crate::{{% if options.auth == "jwt" %}auth, {% endif %}headers, meters, target};

/// A route with all that its requests need.
pub struct Entrance {
    route: Route,
    timeout: Duration,
    upstream: Arc<Upstream>,
    stale: Stale,
}

/// Answers a request for one route.
pub async fn answer(State(entrance): State<Arc<Entrance>>, request: Request) -> Response {
    let refused = refuse(&entrance.route, &request).map_or(Ok(()), Err);
    match refused {
        Ok(()) => entrance
            .answer(request)
            .await
            .unwrap_or_else(Problem::into_response),
        Err(problem) => problem.into_response(),
    }
}

/// What no service gets to see.
fn refuse(route: &Route, request: &Request) -> Option<Problem> {
    let headers = request.headers();
    let upgrade = headers.get(header::UPGRADE).map(HeaderValue::as_bytes);
    let (status, why) = if request.method() == Method::TRACE {
        // It would show the client headers that others put in.
        (
            StatusCode::METHOD_NOT_ALLOWED,
            "TRACE goes no further than here.",
        )
    } else if route.is_read_only && ![Method::GET, Method::HEAD].contains(request.method()) {
        let allowed = HeaderValue::from_static("GET, HEAD");
        let problem = Problem::new(StatusCode::METHOD_NOT_ALLOWED);
        return Some(problem.header(header::ALLOW, allowed));
    } else if upgrade.is_some_and(|protocol| protocol.eq_ignore_ascii_case(b"websocket")) {
        // Other upgrades are offers that may be left unanswered; this one is a demand.
        (StatusCode::NOT_IMPLEMENTED, "WebSockets are not passed on.")
    } else if headers::is_loop(headers) {
        (StatusCode::LOOP_DETECTED, "The request was here before.")
    } else {
        return None;
    };
    Some(Problem::new(status).detail(why))
}

impl Entrance {
    #[must_use]
    pub fn new(route: Route, timeout: Duration, upstream: Arc<Upstream>, stale: Stale) -> Self {
        Self {
            route,
            timeout,
            upstream,
            stale,
        }
    }

    async fn answer(&self, request: Request) -> Result<Response, Problem> {
        let path = target::of(&self.route, request.uri())?;
        let key = Stale::key(&self.route, &request);
        let is_get = request.method() == Method::GET;
        let (mut head, body) = request.into_parts();

        let deadline = Deadline::of(&head.headers, self.timeout);
        let origin: Option<Origin> = head.extensions.remove();
        let origin = origin.ok_or_else(|| Problem::internal(&"a request without an origin"))?;
        let trace: Option<TraceContext> = head.extensions.remove();
        headers::to_service(&mut head.headers, &origin, trace.as_ref());
{%- if options.auth == "jwt" %}
        auth::tell(&mut head);
{%- endif %}

        let started = Instant::now();
        let outcome = match self.upstream.slot() {
            Ok(slot) => self
                .upstream
                .call(head, body, path, deadline)
                .await
                .map(|answer| (slot, answer)),
            Err(failure) => Err(failure),
        };
        self.count(&outcome, started.elapsed());
        let is_down = match &outcome {
            Ok((_, answer)) => is_unavailable(answer.status()),
            Err(failure) => !failure.is_of_client(),
        };
        if is_down
            && is_get
            && let Some(instead) = self.instead(key.as_ref())
        {
            return Ok(instead);
        }
        Ok(match outcome {
            Ok((slot, answer)) => self.pass_on(slot, answer, key),
            Err(failure) => failure.into_response(),
        })
    }

    /// What is better than an error: an old answer, or the one that the table has.
    fn instead(&self, key: Option<&String>) -> Option<Response> {
        let service = self.upstream.name;
        if let Some(stale) = key.and_then(|key| self.stale.find(key, &self.route)) {
            meters::degraded(service, "stale");
            return Some(stale);
        }
        let json = self.route.default_answer?;
        meters::degraded(service, "default");
        let headers = [
            (header::CONTENT_TYPE, "application/json"),
            (header::CACHE_CONTROL, "no-store"),
            (DEGRADED, "default"),
        ];
        Some((headers, json).into_response())
    }

    /// The service's answer, as it comes. A service that stops in the middle of it is given up after
    /// the time that it had for the beginning.
    fn pass_on(&self, slot: Slot, answer: Response<Incoming>, key: Option<String>) -> Response {
        let (mut head, body) = answer.into_parts();
        headers::to_client(&mut head.headers, &self.route, &self.upstream.address);
        let copy = self.stale.copy(key, head.status, &head.headers);
        let body = Answer::new(Body::new(body), slot, copy);
        head.extensions.insert(AsItIs);
        Response::from_parts(head, Body::new(TimeoutBody::new(self.timeout, body)))
    }

    fn count(&self, outcome: &Result<(Slot, Response<Incoming>), Failure>, duration: Duration) {
        let service = self.upstream.name;
        let outcome = match outcome {
            Ok((_, answer)) => meters::outcome(answer.status()),
            Err(failure) => {
                tracing::debug!(service, ?failure, "no answer");
                failure.label()
            }
        };
        upstream::meters::ended(service, outcome, duration);
    }
}
