//! How long somebody waits for an answer.

use std::time::Duration;

use axum::http::HeaderMap;
use tokio::time::Instant;

use crate::failure::Failure;
use crate::headers;

/// Until when an answer is waited for.
#[derive(Debug, Clone, Copy)]
pub struct Deadline {
    pub at: Instant,
    /// Whether the client wants it so: then it says nothing about the service when it passes.
    pub is_of_client: bool,
}

impl Deadline {
    /// A route's time, or less, if the client's headers give less.
    #[must_use]
    pub fn of(headers: &HeaderMap, most: Duration) -> Self {
        let wanted = headers::client_timeout(headers).filter(|wanted| *wanted < most);
        Self {
            at: Instant::now() + wanted.unwrap_or(most),
            is_of_client: wanted.is_some(),
        }
    }

    /// How long it is till then.
    #[must_use]
    pub fn left(&self) -> Duration {
        self.at.saturating_duration_since(Instant::now())
    }

    /// What it means that it has passed.
    #[must_use]
    pub fn passed(&self) -> Failure {
        if self.is_of_client {
            Failure::Impatient
        } else {
            Failure::TimedOut
        }
    }
}
