{% if options.grpc -%}
//! Services that speak gRPC, offered as HTTP/JSON: `POST /<package>.<Service>/<Method>` below the
//! route, with the request's message as JSON, is answered with the other message as JSON.
//!
//! That is gRPC's own path, as with Connect and Twirp: the `.proto` files say it all, and each method
//! that is not a stream can be called. `google.api.http` would be a second contract inside the first,
//! about paths and about which field goes where.

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::body::{self, Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use chassis::trace::TraceContext;
use chassis::{FieldError, Problem, upstream};
use http_body_util::LengthLimitError;
use prost_reflect::{DynamicMessage, MethodDescriptor, SerializeOptions};
use tokio::time::{Instant, timeout_at};

use crate::contracts::Contracts;
use crate::failure::Failure;
use crate::origin::Origin;
use crate::route::Route;
use crate::upstream::{Deadline, Upstream};
use crate::{{% if options.auth == "jwt" %}auth, {% endif %}headers, meters, target};

mod call;
pub mod document;
mod metadata;
mod schema;
mod status;

/// A route to a service that speaks gRPC, with all that its requests need.
pub struct Transcoder {
    route: Route,
    timeout: Duration,
    upstream: Arc<Upstream>,
    contracts: Contracts,
}

/// Answers a request for one route.
pub async fn answer(State(transcoder): State<Arc<Transcoder>>, request: Request) -> Response {
    let answer = transcoder.answer(request).await;
    answer.unwrap_or_else(Problem::into_response)
}

impl Transcoder {
    #[must_use]
    pub fn new(
        route: Route,
        timeout: Duration,
        upstream: Arc<Upstream>,
        contracts: Contracts,
    ) -> Self {
        Self {
            route,
            timeout,
            upstream,
            contracts,
        }
    }

    async fn answer(&self, request: Request) -> Result<Response, Problem> {
        if headers::is_loop(request.headers()) {
            let problem = Problem::new(StatusCode::LOOP_DETECTED);
            return Err(problem.detail("The request was here before."));
        }
        let path = target::of(&self.route, request.uri())?;
        let method = self.contracts.method(self.upstream.name, path.path());
        let method = method.ok_or_else(Problem::not_found)?;
        let deadline = Deadline::of(request.headers(), self.timeout);
        let (mut head, body) = request.into_parts();
        check_type(&head.headers)?;
        let sent = match read(body, deadline).await {
            Ok(body) => to_message(&method, &body)?,
            Err(failure) => return Ok(failure.into_response()),
        };
        let origin: Option<Origin> = head.extensions.remove();
        let origin = origin.ok_or_else(|| Problem::internal(&"a request without an origin"))?;
        let trace: Option<TraceContext> = head.extensions.remove();
        headers::to_service(&mut head.headers, &origin, trace.as_ref());
{%- if options.auth == "jwt" %}
        auth::tell(&mut head);
{%- endif %}
        let metadata = metadata::of(&head.headers, deadline);

        let started = Instant::now();
        let slot = match self.upstream.slot() {
            Ok(slot) => slot,
            Err(failure) => return Ok(self.failed(failure, started)),
        };
        let answer = call::unary(&self.upstream, &method, sent, metadata, deadline).await;
        drop(slot);
        let status = match answer {
            Ok(message) => {
                self.ended("2xx", started);
                return to_json(&message);
            }
            Err(status) => status,
        };
        if let Some(failure) = status::failure(&status) {
            return Ok(self.failed(failure, started));
        }
        let (status, problem) = status::problem(&status);
        self.ended(meters::outcome(status), started);
        Err(problem)
    }

    fn failed(&self, failure: Failure, started: Instant) -> Response {
        self.ended(failure.label(), started);
        tracing::debug!(service = self.upstream.name, ?failure, "no answer");
        failure.into_response()
    }

    fn ended(&self, outcome: &'static str, started: Instant) {
        upstream::meters::ended(self.upstream.name, outcome, started.elapsed());
    }
}

/// Only JSON is understood; what says nothing else is taken for it.
fn check_type(headers: &HeaderMap) -> Result<(), Problem> {
    let kind = headers.get(header::CONTENT_TYPE).map(|kind| {
        let kind = kind.to_str().unwrap_or_default();
        kind.split(';').next().unwrap_or_default().trim()
    });
    if kind.is_none_or(|kind| kind.eq_ignore_ascii_case("application/json")) {
        return Ok(());
    }
    let problem = Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE);
    Err(problem.detail("The message must be application/json."))
}

/// The whole body. How large it may be is limited for all routes.
async fn read(body: Body, deadline: Deadline) -> Result<Bytes, Failure> {
    let whole = timeout_at(deadline.at, body::to_bytes(body, usize::MAX)).await;
    let whole = whole.map_err(|_| Failure::BodySlow)?;
    whole.map_err(|error| {
        let mut cause: Option<&(dyn Error + 'static)> = Some(&error);
        while let Some(inner) = cause {
            if inner.is::<LengthLimitError>() {
                return Failure::BodyTooLarge;
            }
            cause = inner.source();
        }
        Failure::BodyBroken
    })
}

/// Reads protobuf's JSON, in which fields may be written as in the `.proto` file or in camel case.
fn to_message(method: &MethodDescriptor, json: &[u8]) -> Result<DynamicMessage, Problem> {
    let mut json = serde_json::Deserializer::from_slice(json);
    let message = DynamicMessage::deserialize(method.input(), &mut json);
    let message = message.and_then(|message| json.end().map(|()| message));
    message.map_err(|error| Problem::invalid(vec![FieldError::new("", error.to_string())]))
}

/// Writes protobuf's JSON: fields are called as in the `.proto` file, as they are by the services
/// that speak HTTP, and are there even when they hold nothing but their default.
fn to_json(message: &DynamicMessage) -> Result<Response, Problem> {
    let options = SerializeOptions::new()
        .use_proto_field_name(true)
        .skip_default_fields(false);
    let json = message.serialize_with_options(serde_json::value::Serializer, &options);
    let json = json.map_err(|error| Problem::internal(&error))?;
    Ok(Json(json).into_response())
}
{% endif -%}
