//! Failed calls of other services, as clients of HTTP see them. What the other one said in detail
//! stays in the log: it was said to this service.

use axum::http::{HeaderValue, StatusCode, header};

use crate::client::Failure;
use crate::problem::Problem;

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
