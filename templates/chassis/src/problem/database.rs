//! What the database refuses, as clients see it.

use std::collections::BTreeMap;

use axum::http::{HeaderValue, StatusCode, header};
use sqlx::error::ErrorKind;
use utoipa::IntoResponses;
use utoipa::openapi::{RefOr, Response};

use super::{FieldError, Problem};

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

/// Whether a record could not be stored because it refers to one that does not exist.
#[must_use]
pub fn is_dangling(error: &sqlx::Error) -> bool {
    let refusal = error.as_database_error();
    refusal.is_some_and(sqlx::error::DatabaseError::is_foreign_key_violation)
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
