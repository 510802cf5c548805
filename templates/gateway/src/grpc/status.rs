{% if options.grpc -%}
//! From the status of a call to the answer by HTTP, by the table of `google.rpc.Code`.

use std::error::Error;

use axum::http::{HeaderValue, StatusCode, header};
use chassis::{FieldError, Problem};
use tonic::{Code, Status};
use tonic_types::StatusExt;

use crate::failure::Failure;

/// Why there was no answer at all, if it is that.
pub fn failure(status: &Status) -> Option<Failure> {
    let mut cause = status.source();
    while let Some(inner) = cause {
        if let Some(failure) = inner.downcast_ref() {
            return Some(*failure);
        }
        cause = inner.source();
    }
    None
}

/// What the client is told. A service's own words are meant for its clients; which fields are to
/// blame it says in `google.rpc.BadRequest`, and when to come again in `google.rpc.RetryInfo`.
pub fn problem(status: &Status) -> (StatusCode, Problem) {
    let http = of_code(status.code());
    let mut problem = Problem::new(http);
    if !status.message().is_empty() {
        problem = problem.detail(status.message());
    }
    let violations = status.get_details_bad_request().into_iter();
    let violations = violations.flat_map(|details| details.field_violations);
    let errors = violations.map(|blamed| FieldError::new(blamed.field, blamed.description));
    problem = problem.errors(errors.collect());
    if http == StatusCode::UNAUTHORIZED {
        let challenge = HeaderValue::from_static("Bearer");
        problem = problem.header(header::WWW_AUTHENTICATE, challenge);
    }
    let retry = status.get_details_retry_info();
    if let Some(wait) = retry.and_then(|details| details.retry_delay) {
        let seconds = HeaderValue::from(wait.as_secs().max(1));
        problem = problem.header(header::RETRY_AFTER, seconds);
    }
    (http, problem)
}

fn of_code(code: Code) -> StatusCode {
    match code {
        Code::Ok => StatusCode::OK,
        // It has no name in HTTP; 499 is what others use.
        Code::Cancelled => StatusCode::from_u16(499).unwrap_or(StatusCode::BAD_REQUEST),
        Code::InvalidArgument | Code::FailedPrecondition | Code::OutOfRange => {
            StatusCode::BAD_REQUEST
        }
        Code::Unauthenticated => StatusCode::UNAUTHORIZED,
        Code::PermissionDenied => StatusCode::FORBIDDEN,
        Code::NotFound => StatusCode::NOT_FOUND,
        Code::AlreadyExists | Code::Aborted => StatusCode::CONFLICT,
        Code::ResourceExhausted => StatusCode::TOO_MANY_REQUESTS,
        Code::Unknown | Code::Internal | Code::DataLoss => StatusCode::INTERNAL_SERVER_ERROR,
        Code::Unimplemented => StatusCode::NOT_IMPLEMENTED,
        Code::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        Code::DeadlineExceeded => StatusCode::GATEWAY_TIMEOUT,
    }
}
{% endif -%}
