//! Events by HTTP: `POST /events` takes CloudEvents in both of their forms, as one JSON document
//! (structured mode), or with their attributes as headers (binary mode).

use axum::Extension;
use axum::body::Bytes;
use axum::extract::{FromRequest, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse;
use serde_json::Value;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Handler, accept};
use crate::cloud_event::{CONTENT_TYPE, SPEC_VERSION};
use crate::problem::FieldError;
use crate::{CloudEvent, Database, Problem};

/// The route that events come in by.
pub fn routes<H: Handler>() -> OpenApiRouter<Database> {
    OpenApiRouter::new()
        .routes(routes!(receive))
        .layer(Extension(Types(H::TYPES)))
}

/// The types that are handled.
#[derive(Clone, Copy)]
struct Types(&'static [&'static str]);

#[utoipa::path(
    post,
    path = "/events",
    tag = "events",
    operation_id = "receive_event",
    summary = "Take in an event",
    description = "An event that is sent again is taken in once. It is stored when the answer \
        comes, and handled thereafter. Types that are not handled here are passed over.",
    request_body(content = CloudEvent, content_type = "application/cloudevents+json"),
    responses((status = 202, description = "Stored, now or before, or passed over")),
)]
async fn receive(
    State(database): State<Database>,
    Extension(types): Extension<Types>,
    Incoming(event): Incoming,
) -> crate::Result<StatusCode> {
    if types.0.contains(&event.kind.as_str()) {
        accept(&database, &event).await?;
    }
    Ok(StatusCode::ACCEPTED)
}

/// An event that was read from a request.
pub struct Incoming(pub CloudEvent);

impl<S: Send + Sync> FromRequest<S> for Incoming {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let headers = request.headers().clone();
        let body = Bytes::from_request(request, state).await;
        let body = body.map_err(|rejection| Problem::new(rejection.into_response().status()))?;
        let event = if text(&headers, "content-type").starts_with(CONTENT_TYPE) {
            structured(&body)?
        } else if headers.contains_key("ce-specversion") {
            binary(&headers, &body)?
        } else {
            let detail =
                format!("Send an event as `content-type: {CONTENT_TYPE}`, or with `ce-` headers.");
            return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE).detail(detail));
        };
        check(&event)?;
        Ok(Self(event))
    }
}

fn structured(body: &[u8]) -> Result<CloudEvent, Problem> {
    serde_json::from_slice(body).map_err(|error| {
        Problem::new(StatusCode::BAD_REQUEST).detail(format!("The body is not an event: {error}."))
    })
}

fn binary(headers: &HeaderMap, body: &[u8]) -> Result<CloudEvent, Problem> {
    let optional = |name| Some(text(headers, name)).filter(|value| !value.is_empty());
    let time = optional("ce-time").map(str::parse).transpose();
    let data = match body {
        [] => Value::Null,
        body => serde_json::from_slice(body).map_err(|error| {
            let detail = format!("The body is not JSON: {error}.");
            Problem::new(StatusCode::BAD_REQUEST).detail(detail)
        })?,
    };
    Ok(CloudEvent {
        specversion: text(headers, "ce-specversion").to_owned(),
        source: text(headers, "ce-source").to_owned(),
        id: text(headers, "ce-id").to_owned(),
        kind: text(headers, "ce-type").to_owned(),
        subject: optional("ce-subject").map(str::to_owned),
        time: time.map_err(|why: String| Problem::invalid(vec![FieldError::new("time", why)]))?,
        traceparent: optional("ce-traceparent").map(str::to_owned),
        datacontenttype: optional(header::CONTENT_TYPE.as_str()).map(str::to_owned),
        data,
    })
}

/// What the specification asks of every event.
fn check(event: &CloudEvent) -> Result<(), Problem> {
    let mut errors = Vec::new();
    if event.specversion != SPEC_VERSION {
        errors.push(FieldError::new("specversion", "must be 1.0"));
    }
    let required = [
        ("id", &event.id),
        ("source", &event.source),
        ("type", &event.kind),
    ];
    for (name, value) in required {
        if value.is_empty() {
            errors.push(FieldError::new(name, "is missing"));
        }
    }
    if errors.is_empty() {
        Ok(())
    } else {
        Err(Problem::invalid(errors))
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    let value = headers.get(name).and_then(|value| value.to_str().ok());
    value.unwrap_or_default()
}
