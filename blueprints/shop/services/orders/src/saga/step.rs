//! What leads from one status of an order to the next: pure, so that all ways can be tested.

use std::time::Duration;

use crate::order::Status;

/// What is to be done for an order. Each can be done twice: other services know the order by its
/// id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Task {
    Reserve,
    Pay,
    Refund,
    Release,
}

impl Task {
    /// What an order of this status waits for; nothing at its end.
    pub fn of(status: Status) -> Option<Self> {
        match status {
            Status::Placed => Some(Self::Reserve),
            Status::Reserved => Some(Self::Pay),
            Status::Refunding => Some(Self::Refund),
            Status::Releasing => Some(Self::Release),
            Status::Confirmed | Status::Cancelled => None,
        }
    }
}

/// How a task ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    Done,
    /// The service said no, for this reason: this request has done nothing.
    Refused(String),
    /// Nobody knows whether it was done, or is about to be.
    Unknown,
}

/// Where an order goes.
#[derive(Debug, PartialEq, Eq)]
pub enum Next {
    /// To this status, maybe with a reason.
    Status(Status, Option<String>),
    /// The same again, after a pause.
    Again(Duration),
}

/// Attempts before an order is given up; to undo is never given up.
const ATTEMPTS: i64 = 5;

/// Where an order of this status goes, after so many attempts in vain, when its task ended thus.
///
/// What was refused is taken back all the same: an earlier request may still be on its way, and
/// must find that it is too late.
pub fn next(status: Status, attempts: i64, outcome: Outcome) -> Next {
    let back = match status {
        Status::Placed => Status::Releasing,
        _ => Status::Refunding,
    };
    let silent = match status {
        Status::Placed => "inventory did not answer",
        _ => "payments did not answer",
    };
    let is_tired = attempts + 1 >= ATTEMPTS;
    match (status, outcome) {
        (Status::Placed, Outcome::Done) => Next::Status(Status::Reserved, None),
        (Status::Reserved, Outcome::Done) => Next::Status(Status::Confirmed, None),
        (Status::Placed | Status::Reserved, Outcome::Refused(why)) => Next::Status(back, Some(why)),
        (Status::Placed | Status::Reserved, Outcome::Unknown) if is_tired => {
            Next::Status(back, Some(silent.to_owned()))
        }
        (Status::Refunding, Outcome::Done) => Next::Status(Status::Releasing, None),
        (Status::Releasing, Outcome::Done) => Next::Status(Status::Cancelled, None),
        _ => Next::Again(pause(attempts)),
    }
}

/// 0.2 s, 0.4 s, 0.8 s and so on, up to 30 s.
fn pause(attempts: i64) -> Duration {
    let doubled = 200_u64 << attempts.clamp(0, 10);
    Duration::from_millis(doubled.min(30_000))
}

#[cfg(test)]
mod tests;
