//! Optimistic concurrency (RFC 9110): every record has an `ETag`, and a write with `If-Match` goes
//! through only if nobody changed the record since its client read it.

use std::collections::BTreeMap;
use std::convert::Infallible;

use axum::Json;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::{ObjectBuilder, RefOr, Required, ResponseBuilder, Type as JsonType};
use utoipa::{IntoParams, IntoResponses};

use crate::problem::{FieldError, Problem};
use crate::version::Version;

/// A record with its `ETag`.
pub struct Tagged<T>(pub Version, pub T);

impl<T: Serialize> IntoResponse for Tagged<T> {
    fn into_response(self) -> Response {
        let Self(version, record) = self;
        ([(header::ETAG, version.to_string())], Json(record)).into_response()
    }
}

/// The version that a write expects to find; none if any will do, which `*` says, too.
#[derive(Debug, Clone, Copy)]
pub struct IfMatch(pub Option<Version>);

impl<S: Send + Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let tags = parts.headers.get_all(header::IF_MATCH);
        let tags: Vec<&str> = tags.iter().flat_map(tags_in).collect();
        match tags.as_slice() {
            [] | ["*"] => Ok(Self(None)),
            [tag] => Ok(Self(Some(Version::seen(tag)))),
            _ => Err(Problem::invalid(vec![FieldError::new(
                "if-match",
                "must be a single ETag, or *",
            )])),
        }
    }
}

/// What a client has already. A read answers 304 if that is what it would send.
#[derive(Debug)]
pub struct IfNoneMatch(Vec<HeaderValue>);

impl<S: Send + Sync> FromRequestParts<S> for IfNoneMatch {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let tags = parts.headers.get_all(header::IF_NONE_MATCH);
        Ok(Self(tags.iter().cloned().collect()))
    }
}

impl IfNoneMatch {
    /// The record, or 304 if the client has it.
    pub fn answer<T: Serialize>(&self, version: Version, record: T) -> Response {
        let etag = version.to_string();
        // Here a weak tag is as good as a strong one.
        let is_known = |tag: &str| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == etag;
        if self.0.iter().flat_map(tags_in).any(is_known) {
            return (StatusCode::NOT_MODIFIED, [(header::ETAG, etag)]).into_response();
        }
        Tagged(version, record).into_response()
    }
}

/// The entries of a list of tags. Ours hold no comma, so others may fall apart.
fn tags_in(header: &HeaderValue) -> impl Iterator<Item = &str> {
    let tags = header.to_str().unwrap_or("?").split(',').map(str::trim);
    tags.filter(|tag| !tag.is_empty())
}

impl IntoParams for IfMatch {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let description = "Write only if this is still the `ETag`; `*` and nothing mean any.";
        vec![parameter(&header::IF_MATCH, description)]
    }
}

impl IntoParams for IfNoneMatch {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let description = "The `ETag` of what the client has already.";
        vec![parameter(&header::IF_NONE_MATCH, description)]
    }
}

fn parameter(name: &HeaderName, description: &str) -> Parameter {
    let text = ObjectBuilder::new().schema_type(JsonType::String);
    ParameterBuilder::new()
        .name(name.as_str())
        .parameter_in(ParameterIn::Header)
        .description(Some(description))
        .required(Required::False)
        .schema(Some(text))
        .build()
}

type Responses = BTreeMap<String, RefOr<utoipa::openapi::Response>>;

impl IntoResponses for IfMatch {
    fn responses() -> Responses {
        let response = Problem::response("It was changed meanwhile: `if-match` is not its `ETag`");
        [("412".to_owned(), response)].into()
    }
}

impl IntoResponses for IfNoneMatch {
    fn responses() -> Responses {
        let response = ResponseBuilder::new().description("The client has it already");
        [("304".to_owned(), response.build().into())].into()
    }
}

#[cfg(test)]
mod tests {
    use super::tags_in;

    #[test]
    fn tags_come_in_lists() {
        let header = " \"1\", W/\"2\",,*".parse().unwrap();
        let tags: Vec<&str> = tags_in(&header).collect();
        assert_eq!(tags, ["\"1\"", "W/\"2\"", "*"]);
    }
}
