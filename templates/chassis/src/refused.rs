//! What the database refuses, as clients of HTTP see it.

use std::collections::BTreeMap;

use axum::http::{HeaderValue, StatusCode, header};
use sqlx::error::ErrorKind;
use utoipa::IntoResponses;
use utoipa::openapi::{RefOr, Response};

use crate::constraint::taken_field;
use crate::problem::{FieldError, Problem};

/// What the database refused because of the request is the client's to mend; the rest is ours.
impl From<sqlx::Error> for Problem {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::RowNotFound => Self::not_found(),
            sqlx::Error::PoolTimedOut => {
                tracing::warn!("no database connection became free in time");
                Self::new(StatusCode::SERVICE_UNAVAILABLE)
                    .header(header::RETRY_AFTER, HeaderValue::from_static("1"))
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

impl Problem {
    /// 412: the record is not the one that the client has read.
    #[must_use]
    pub fn changed_meanwhile() -> Self {
        Self::new(StatusCode::PRECONDITION_FAILED)
            .detail("It was changed meanwhile: read it again, and decide anew.")
    }

    /// 422: these fields refer to what does not exist.
    #[must_use]
    pub fn dangling(fields: Vec<String>) -> Self {
        let errors = fields.into_iter();
        let errors = errors.map(|field| FieldError::new(field, "does not exist"));
        Self::new(StatusCode::UNPROCESSABLE_ENTITY)
            .detail("The request refers to what does not exist.")
            .errors(errors.collect())
    }
}

/// [`Problem::dangling`] in the API document.
pub struct Dangling;

impl IntoResponses for Dangling {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let response = Problem::response("It refers to what does not exist");
        [("422".to_owned(), response)].into()
    }
}

/// 409, with the field whose value another record has already.
fn taken(refusal: &dyn sqlx::error::DatabaseError) -> Problem {
    let problem =
        Problem::new(StatusCode::CONFLICT).detail("Another record has this value already.");
    match taken_field(refusal) {
        Some(field) => problem.errors(vec![FieldError::new(field, "is taken")]),
        None => problem,
    }
}
