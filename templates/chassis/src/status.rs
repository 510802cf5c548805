//! Errors as clients see them: a status, with the fields that are to blame as
//! `google.rpc.BadRequest`, and never with inner details.

use sqlx::error::ErrorKind;
use tonic::{Code, Status};
use tonic_types::{ErrorDetails, StatusExt};

use crate::constraint::taken_field;

/// Why one field of a message was not accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// Where it is in the message, such as `order.total`.
    pub field: String,
    /// What is wrong with it.
    pub description: String,
}

impl Violation {
    /// Says what is wrong with a field.
    pub fn new(field: impl Into<String>, description: impl Into<String>) -> Self {
        Self {
            field: field.into(),
            description: description.into(),
        }
    }
}

/// `INVALID_ARGUMENT`: the message breaks the rules of its fields.
#[must_use]
pub fn invalid(violations: Vec<Violation>) -> Status {
    let message = "The message is not valid.";
    blaming(Code::InvalidArgument, message, violations)
}

/// `NOT_FOUND`: there is no such record.
#[must_use]
pub fn not_found() -> Status {
    Status::not_found("There is no such record.")
}

/// `ABORTED`: the record is not the one that the client has read.
#[must_use]
pub fn changed_meanwhile() -> Status {
    Status::aborted("It was changed meanwhile: read it again, and decide anew.")
}

/// `FAILED_PRECONDITION`: these fields of the message in the field `within` refer to what does not exist.
#[must_use]
pub fn dangling(within: &str, fields: &[String]) -> Status {
    let paths = fields.iter().map(|field| format!("{within}.{field}"));
    let violations = paths.map(|path| Violation::new(path, "does not exist"));
    let message = "The message refers to what does not exist.";
    blaming(Code::FailedPrecondition, message, violations.collect())
}

/// `INTERNAL`: the cause goes to the log, which the request id leads to, and not to the client.
pub fn internal(cause: &dyn std::fmt::Display) -> Status {
    tracing::error!(cause = %format_args!("{cause:#}"), "call failed");
    Status::internal("Internal error.")
}

/// What the database refused because of the call is the client's to mend; the rest is ours.
#[must_use]
#[expect(clippy::needless_pass_by_value, reason = "`map_err` gives it so")]
pub fn refused(error: sqlx::Error) -> Status {
    match &error {
        sqlx::Error::RowNotFound => not_found(),
        sqlx::Error::PoolTimedOut => {
            tracing::warn!("no database connection became free in time");
            Status::unavailable("The database is busy.")
        }
        sqlx::Error::Database(refusal) => match refusal.kind() {
            ErrorKind::UniqueViolation => taken(refusal.as_ref()),
            ErrorKind::ForeignKeyViolation => Status::failed_precondition(
                "Another record refers to this one, or the one referred to does not exist.",
            ),
            _ => internal(&error),
        },
        _ => internal(&error),
    }
}

/// `ALREADY_EXISTS`, with the field whose value another record has.
fn taken(refusal: &dyn sqlx::error::DatabaseError) -> Status {
    let field = taken_field(refusal);
    let violation = field.map(|field| Violation::new(field, "is taken"));
    let message = "Another record has this value already.";
    blaming(Code::AlreadyExists, message, Vec::from_iter(violation))
}

fn blaming(code: Code, message: &str, violations: Vec<Violation>) -> Status {
    let mut details = ErrorDetails::new();
    for violation in violations {
        details.add_bad_request_violation(violation.field, violation.description);
    }
    Status::with_error_details(code, message, details)
}
