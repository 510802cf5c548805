//! Why a call brought nothing.

use std::fmt;
use std::time::Duration;

use axum::http::StatusCode;
use hyper_util::client::legacy;
use serde::Deserialize;

/// Why a call brought nothing.
#[derive(Debug, Clone, PartialEq)]
pub enum Failure {
    /// The service answered that it will not, or cannot.
    Refused(Refusal),
    /// No connection: the service got nothing of the call.
    Unreachable,
    /// The connection broke, or what came was no HTTP.
    Broken,
    /// The time was up.
    TimedOut,
    /// The time was up that the caller gave, which is less than the settings allow.
    Impatient,
    /// The service failed too often of late, and is left alone for this time.
    Resting(Duration),
    /// As many calls as are allowed at the same time are under way.
    Busy,
    /// What was sent, or what came, is not what the service's document says.
    Unreadable(String),
}

/// An answer that is an error, as services describe them (RFC 9457).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Refusal {
    /// The HTTP status.
    #[serde(skip)]
    pub status: StatusCode,
    /// When to come again, if it said so.
    #[serde(skip)]
    pub wait: Option<Duration>,
    pub title: String,
    pub detail: Option<String>,
    /// The fields that are to blame.
    pub errors: Vec<FieldFault>,
}

/// What is wrong with a field.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct FieldFault {
    pub field: String,
    pub detail: String,
}

impl Default for Refusal {
    fn default() -> Self {
        Self {
            status: StatusCode::INTERNAL_SERVER_ERROR,
            wait: None,
            title: String::new(),
            detail: None,
            errors: Vec::new(),
        }
    }
}

impl Failure {
    /// The status of an answer, if there was one.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        match self {
            Self::Refused(refusal) => Some(refusal.status),
            _ => None,
        }
    }

    /// Whether the service said that there is no such thing.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.status() == Some(StatusCode::NOT_FOUND)
    }

    /// Whether it says something about the service, and not about the call: callers without
    /// patience must not close it to others.
    pub(super) fn is_of_service(&self) -> bool {
        matches!(self, Self::Unreachable | Self::TimedOut) || self.is_transient()
    }

    /// Whether another try may end better. A service that says when to come back is well enough to
    /// refuse.
    pub(super) fn is_transient(&self) -> bool {
        match self {
            Self::Broken => true,
            Self::Refused(refusal) => {
                let is_unavailable = matches!(
                    refusal.status,
                    StatusCode::BAD_GATEWAY
                        | StatusCode::SERVICE_UNAVAILABLE
                        | StatusCode::GATEWAY_TIMEOUT
                );
                is_unavailable && refusal.wait.is_none()
            }
            _ => false,
        }
    }

    /// For the metrics.
    pub(super) fn label(&self) -> &'static str {
        match self {
            Self::Refused(refusal) if refusal.status.is_client_error() => "4xx",
            Self::Refused(_) => "5xx",
            Self::Unreachable => "unreachable",
            Self::Broken => "broken",
            Self::TimedOut => "timeout",
            Self::Impatient => "caller",
            Self::Resting(_) => "breaker_open",
            Self::Busy => "busy",
            Self::Unreadable(_) => "unreadable",
        }
    }
}

/// Whether there is what a call asked for. A record that this service cannot read is there, too.
pub(crate) fn is_there<T>(found: Result<T, Failure>) -> Result<bool, Failure> {
    match found {
        Ok(_) | Err(Failure::Unreadable(_)) => Ok(true),
        Err(failure) if failure.is_not_found() => Ok(false),
        Err(failure) => Err(failure),
    }
}

impl From<legacy::Error> for Failure {
    fn from(error: legacy::Error) -> Self {
        tracing::debug!(%error, "no answer");
        if error.is_connect() {
            Self::Unreachable
        } else {
            Self::Broken
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(refusal) => {
                write!(f, "it answered {}", refusal.status)?;
                match &refusal.detail {
                    Some(detail) => write!(f, ": {detail}"),
                    None => Ok(()),
                }
            }
            Self::Unreachable => f.write_str("it cannot be reached"),
            Self::Broken => f.write_str("it broke off"),
            Self::TimedOut => f.write_str("it did not answer in time"),
            Self::Impatient => f.write_str("it did not answer in the time that the caller gave"),
            Self::Resting(_) => f.write_str("it failed too often and is left alone for a while"),
            Self::Busy => f.write_str("too many calls are under way"),
            Self::Unreadable(why) => write!(f, "it is not what its document says: {why}"),
        }
    }
}

impl std::error::Error for Failure {}
