//! Errors as clients see them: `application/problem+json` (RFC 9457), never with inner details.

use axum::body::{Body, Bytes, HttpBody};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{BoxError, Json};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa::openapi::{ContentBuilder, Ref, RefOr, ResponseBuilder};

/// What a handler returns: a value, or the problem that the client is told.
pub type Result<T> = std::result::Result<T, Problem>;

/// The media type of every error response.
pub const CONTENT_TYPE: HeaderValue = HeaderValue::from_static("application/problem+json");

/// What went wrong. There is no `type` member: by RFC 9457 its absence means that the title is the
/// status itself.
#[derive(Debug, Serialize, ToSchema)]
pub struct Problem {
    /// The HTTP status, repeated for those who only keep the body.
    status: u16,
    /// The name of the status.
    title: &'static str,
    /// What is wrong with this request, for a person to read.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    detail: Option<String>,
    /// One entry per field or parameter that was not accepted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<FieldError>,
    /// What a client can do about it, where HTTP has a header for that.
    #[serde(skip)]
    header: Option<Box<(HeaderName, HeaderValue)>>,
}

/// Why one field of the body, or one parameter, was not accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldError {
    /// The name of the field or parameter; empty when the body as a whole is meant.
    field: String,
    /// What is wrong with it.
    detail: String,
}

impl FieldError {
    /// Says what is wrong with a field.
    pub fn new(field: impl Into<String>, detail: impl Into<String>) -> Self {
        Self {
            field: field.into(),
            detail: detail.into(),
        }
    }
}

impl Problem {
    /// A problem that says no more than its status.
    #[must_use]
    pub fn new(status: StatusCode) -> Self {
        let title = status.canonical_reason().unwrap_or("Error");
        Self {
            status: status.as_u16(),
            title,
            detail: None,
            errors: Vec::new(),
            header: None,
        }
    }

    /// Adds what is wrong with this very request.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// Adds the fields that are to blame.
    #[must_use]
    pub fn errors(mut self, errors: Vec<FieldError>) -> Self {
        self.errors = errors;
        self
    }

    /// Adds a header, such as `retry-after`.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.header = Some(Box::new((name, value)));
        self
    }

    /// 400: the request cannot be understood, or breaks the rules of its fields.
    #[must_use]
    pub fn invalid(errors: Vec<FieldError>) -> Self {
        Self::new(StatusCode::BAD_REQUEST)
            .detail("The request is not valid.")
            .errors(errors)
    }

    /// 404: there is no such thing.
    #[must_use]
    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND)
    }

    /// 500: the cause goes to the log, which the request id leads to, and not to the client.
    pub fn internal(cause: &dyn std::fmt::Display) -> Self {
        tracing::error!(cause = %format_args!("{cause:#}"), "request failed");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// A problem in the API document.
    #[must_use]
    pub fn response(description: &str) -> RefOr<utoipa::openapi::Response> {
        let schema = Ref::from_schema_name(Self::name());
        let content = ContentBuilder::new().schema(Some(schema)).build();
        ResponseBuilder::new()
            .description(description)
            .content("application/problem+json", content)
            .build()
            .into()
    }

    fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

impl IntoResponse for Problem {
    fn into_response(mut self) -> Response {
        let header = self.header.take();
        let content_type = [(header::CONTENT_TYPE, CONTENT_TYPE)];
        let mut response = (self.status(), content_type, Json(self)).into_response();
        response.headers_mut().extend(header.map(|header| *header));
        response
    }
}

impl From<anyhow::Error> for Problem {
    fn from(error: anyhow::Error) -> Self {
        Self::internal(&error)
    }
}

/// A response that carries this among its extensions is another service's, and goes on as it is.
#[derive(Debug, Clone, Copy)]
pub struct AsItIs;

/// Gives every error a problem body, whoever made it: unknown routes, wrong methods, timeouts, the
/// framework itself. Headers stay, since `Allow` or `Retry-After` may be among them.
pub fn complete<B>(response: Response<B>) -> Response
where
    B: HttpBody<Data = Bytes, Error: Into<BoxError>> + Send + 'static,
{
    let status = response.status();
    let is_error = status.is_client_error() || status.is_server_error();
    if !is_error
        || response.extensions().get::<AsItIs>().is_some()
        || response.headers().get(header::CONTENT_TYPE) == Some(&CONTENT_TYPE)
    {
        return response.map(Body::new);
    }
    let (mut parts, _) = response.into_parts();
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.remove(header::CONTENT_TYPE);
    (parts.headers, Problem::new(status)).into_response()
}
