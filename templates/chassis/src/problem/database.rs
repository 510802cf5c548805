//! What the database refuses, as clients see it.

use std::collections::BTreeMap;

use axum::http::{HeaderValue, StatusCode, header};
use sqlx::error::ErrorKind;
use utoipa::IntoResponses;
use utoipa::openapi::{RefOr, Response};

use super::{FieldError, Problem};
use crate::constraint::taken_field;

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
