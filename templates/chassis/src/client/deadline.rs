//! How long somebody waits for an answer.

use std::time::Duration;

use tokio::time::Instant;

use super::caller::Caller;
use super::failure::Failure;

/// Until when an answer is waited for.
#[derive(Debug, Clone, Copy)]
pub struct Deadline {
    pub at: Instant,
    /// Whether the caller has less patience than the settings allow: then it says nothing about the
    /// service when it passes.
    is_of_caller: bool,
}

impl Deadline {
    /// The time that the settings allow, or what the caller has left.
    pub fn of(caller: Option<&Caller>, allowed: Duration) -> Self {
        let own = Instant::now() + allowed;
        let until = caller.and_then(|caller| caller.until);
        let until = until.filter(|until| *until < own);
        Self {
            at: until.unwrap_or(own),
            is_of_caller: until.is_some(),
        }
    }

    pub fn left(self) -> Duration {
        self.at.saturating_duration_since(Instant::now())
    }

    /// What it means that it has passed.
    pub fn passed(self) -> Failure {
        if self.is_of_caller {
            Failure::Impatient
        } else {
            Failure::TimedOut
        }
    }
}
