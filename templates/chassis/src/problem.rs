//! Errors as clients see them: `application/problem+json` (RFC 9457), never with inner details.

use axum::body::{Body, Bytes, HttpBody};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{BoxError, Json};
use serde::Serialize;
use sqlx::error::ErrorKind;
use utoipa::ToSchema;

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

    fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        (
            self.status(),
            [(header::CONTENT_TYPE, CONTENT_TYPE)],
            Json(self),
        )
            .into_response()
    }
}

impl From<anyhow::Error> for Problem {
    fn from(error: anyhow::Error) -> Self {
        Self::internal(&error)
    }
}

/// What the database refused because of the request is the client's to mend; the rest is ours.
impl From<sqlx::Error> for Problem {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::RowNotFound => Self::not_found(),
            sqlx::Error::PoolTimedOut => {
                tracing::warn!("no database connection became free in time");
                Self::new(StatusCode::SERVICE_UNAVAILABLE)
            }
            sqlx::Error::Database(refusal) => match refusal.kind() {
                ErrorKind::UniqueViolation => taken(refusal.as_ref()),
                ErrorKind::ForeignKeyViolation => Self::new(StatusCode::CONFLICT).detail(
                    "Another record refers to this one, or the one referred to does not exist.",
                ),
                _ => Self::internal(&error),
            },
            _ => Self::internal(&error),
        }
    }
}

/// 409, with the field whose value another record has already.
fn taken(refusal: &dyn sqlx::error::DatabaseError) -> Problem {
    let problem =
        Problem::new(StatusCode::CONFLICT).detail("Another record has this value already.");
    match taken_field(refusal.table(), refusal.constraint(), refusal.message()) {
        Some(field) => problem.errors(vec![FieldError::new(field, "is taken")]),
        None => problem,
    }
}

/// PostgreSQL names the constraint `<table>_<column>_key`, SQLite the column behind its message's
/// last point.
fn taken_field(table: Option<&str>, constraint: Option<&str>, message: &str) -> Option<String> {
    if let (Some(table), Some(constraint)) = (table, constraint) {
        let column = constraint
            .strip_prefix(table)?
            .strip_prefix('_')?
            .strip_suffix("_key")?;
        return Some(column.to_owned());
    }
    let (_, column) = message
        .strip_prefix("UNIQUE constraint failed: ")?
        .split_once('.')?;
    Some(column.to_owned())
}

/// Gives every error a problem body, whoever made it: unknown routes, wrong methods, timeouts, the
/// framework itself. Headers stay, since `Allow` or `Retry-After` may be among them.
pub fn complete<B>(response: Response<B>) -> Response
where
    B: HttpBody<Data = Bytes, Error: Into<BoxError>> + Send + 'static,
{
    let status = response.status();
    let is_error = status.is_client_error() || status.is_server_error();
    if !is_error || response.headers().get(header::CONTENT_TYPE) == Some(&CONTENT_TYPE) {
        return response.map(Body::new);
    }
    let (mut parts, _) = response.into_parts();
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.remove(header::CONTENT_TYPE);
    (parts.headers, Problem::new(status)).into_response()
}

#[cfg(test)]
mod tests {
    use super::taken_field;

    #[test]
    fn names_the_field_that_is_taken_on_both_databases() {
        let postgres = taken_field(
            Some("orders"),
            Some("orders_email_key"),
            "duplicate key value",
        );
        assert_eq!(postgres.as_deref(), Some("email"));
        let sqlite = taken_field(None, None, "UNIQUE constraint failed: orders.email");
        assert_eq!(sqlite.as_deref(), Some("email"));
        assert_eq!(taken_field(None, None, "something else"), None);
    }
}
