//! Failed calls of other services, as clients of HTTP see them. What the other one said in detail
//! stays in the log: it was said to this service.

use axum::http::{HeaderValue, StatusCode, header};

use crate::client::{self, Failure};
use crate::problem::{Problem, Result};

/// Whether there is what a call asked for.
///
/// # Errors
/// It is not known: the other service could not be asked (503), or would not say (502).
pub fn exists<T>(found: client::Result<T>) -> Result<bool> {
    client::is_there(found).map_err(|failure| match failure {
        Failure::Refused(refusal) if refusal.status.is_client_error() => {
            Failure::Refused(refusal).into()
        }
        failure => {
            tracing::warn!(%failure, "another service could not be asked");
            let problem = Problem::new(StatusCode::SERVICE_UNAVAILABLE);
            let problem = problem.detail("A service that this one needs did not answer.");
            problem.header(header::RETRY_AFTER, HeaderValue::from_static("1"))
        }
    })
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        tracing::warn!(%failure, "a call of another service failed");
        let status = match failure {
            Failure::Unreachable | Failure::Resting(_) | Failure::Busy => {
                StatusCode::SERVICE_UNAVAILABLE
            }
            Failure::TimedOut | Failure::Impatient => StatusCode::GATEWAY_TIMEOUT,
            Failure::Refused(_) | Failure::Broken | Failure::Unreadable(_) => {
                StatusCode::BAD_GATEWAY
            }
        };
        let problem = Self::new(status).detail("A service that this one needs did not answer.");
        let wait = match failure {
            Failure::Resting(wait) => wait.as_secs().max(1),
            Failure::Unreachable | Failure::Busy => 1,
            _ => return problem,
        };
        problem.header(header::RETRY_AFTER, HeaderValue::from(wait))
    }
}
