//! Why a service gave no answer, and what the client is told.

use std::error::Error;
{% if options.grpc -%}
use std::fmt;
{% endif -%}
use std::time::Duration;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use chassis::Problem;
use http_body_util::LengthLimitError;
use hyper_util::client::legacy;

/// Why there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// No connection: the service got nothing of the request.
    Unreachable,
    /// The connection broke, or what came was no HTTP.
    Broken,
    /// The time was up.
    TimedOut,
    /// The time was up that the client gave, which is less than the route's.
    Impatient,
    /// The service failed too often of late, and is left alone for this time.
    Resting(Duration),
    /// As many calls as are allowed at the same time are under way.
    Busy,
    /// The client's body broke off.
    BodyBroken,
    /// The client's body is too large.
    BodyTooLarge,
    /// The time was up before the client had sent its body.
    BodySlow,
}

impl Failure {
    /// Whether it says something about the service, and not about the client or the gateway.
    #[must_use]
    pub fn is_of_service(self) -> bool {
        matches!(self, Self::Unreachable | Self::Broken | Self::TimedOut)
    }

    /// Whether the request may be sent again, when doing it twice is as good as doing it once.
    #[must_use]
    pub fn is_transient(self) -> bool {
        matches!(self, Self::Unreachable | Self::Broken)
    }

    /// Whether the client is to blame: then nothing else can be offered to it.
    #[must_use]
    pub fn is_of_client(self) -> bool {
        matches!(
            self,
            Self::Impatient | Self::BodyBroken | Self::BodyTooLarge | Self::BodySlow
        )
    }

    /// For the metrics.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Unreachable => "unreachable",
            Self::Broken => "broken",
            Self::TimedOut => "timeout",
            Self::Resting(_) => "breaker_open",
            Self::Busy => "busy",
            _ => "client",
        }
    }

    fn told(self) -> (StatusCode, &'static str) {
        match self {
            Self::Unreachable => (
                StatusCode::SERVICE_UNAVAILABLE,
                "The service behind this path cannot be reached.",
            ),
            Self::Broken => (
                StatusCode::BAD_GATEWAY,
                "The service behind this path broke off.",
            ),
            Self::TimedOut => (
                StatusCode::GATEWAY_TIMEOUT,
                "The service behind this path did not answer in time.",
            ),
            Self::Impatient => (
                StatusCode::GATEWAY_TIMEOUT,
                "There was no answer in the time that the request gave.",
            ),
            Self::Resting(_) => (
                StatusCode::SERVICE_UNAVAILABLE,
                "The service behind this path failed too often and is left alone for a while.",
            ),
            Self::Busy => (
                StatusCode::SERVICE_UNAVAILABLE,
                "The service behind this path has too much to do.",
            ),
            Self::BodyBroken => (StatusCode::BAD_REQUEST, "The body broke off."),
            Self::BodyTooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "The body is too large."),
            Self::BodySlow => (
                StatusCode::REQUEST_TIMEOUT,
                "The body did not arrive in time.",
            ),
        }
    }
}

{% if options.grpc -%}
impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.told().1)
    }
}

impl Error for Failure {}

{% endif -%}
impl From<&legacy::Error> for Failure {
    fn from(error: &legacy::Error) -> Self {
        if error.is_connect() {
            return Self::Unreachable;
        }
        let mut cause: Option<&(dyn Error + 'static)> = error.source();
        let mut failure = Self::Broken;
        while let Some(inner) = cause {
            if inner.is::<LengthLimitError>() {
                return Self::BodyTooLarge;
            }
            // To hyper, who makes the body is its user.
            if inner.downcast_ref().is_some_and(hyper::Error::is_user) {
                failure = Self::BodyBroken;
            }
            cause = inner.source();
        }
        failure
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let (status, detail) = self.told();
        let mut response = Problem::new(status).detail(detail).into_response();
        let wait = match self {
            Self::Resting(wait) => wait.as_secs().max(1),
            Self::Busy | Self::Unreachable => 1,
            _ => return response,
        };
        let wait = HeaderValue::from(wait);
        response.headers_mut().insert(header::RETRY_AFTER, wait);
        response
    }
}
