//! Whether a rollout is done, still under way, or can't succeed, and why: a pure function of what is seen.
//!
//! Only the pods of the newest ReplicaSet count, and what is older than this deploy is given time to clear.

mod images;
mod judge;
mod pod;
mod probe;
mod refusal;
mod restarts;
mod when;

use jiff::{SignedDuration, Timestamp};
use k8s_openapi::api::apps::v1::{Deployment, ReplicaSet};
use k8s_openapi::api::core::v1::{Event, Pod};

pub use judge::{judge, stuck_pods};
pub(super) use pod::{is_ready, replaced};
pub(super) use when::{not_before, time};

/// How long conditions that are older than the deploy may stand before they are believed.
const STALE: SignedDuration = SignedDuration::from_secs(15);

/// What is seen of a Deployment at one moment.
#[derive(Debug, Clone)]
pub struct Look<'a> {
    /// The Deployment.
    pub deployment: &'a Deployment,
    /// The generation that was applied; an older one is not ours.
    pub generation: i64,
    /// `ReplicaSet`s of the namespace; the Deployment's are found by their owner.
    pub replica_sets: Vec<&'a ReplicaSet>,
    /// Pods of the namespace; the ReplicaSet's are found by their owner.
    pub pods: Vec<&'a Pod>,
    /// Events of the namespace.
    pub events: Vec<&'a Event>,
    /// The fewest pods that its autoscaler keeps; 0 without one.
    pub minimum: i32,
    /// When this deploy began.
    pub since: Timestamp,
    /// Since when what the service needs (backing) is up; `None`: it is not yet, so being not ready is no fault.
    pub needs_up: Option<Timestamp>,
    /// The present.
    pub now: Timestamp,
}

/// How a rollout stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// All that is wanted runs, and nothing old is left.
    Done {
        /// How many pods are available.
        pods: i32,
    },
    /// Under way.
    Waiting {
        /// What it waits for now.
        text: String,
        /// What the user should look at meanwhile, and what is told if it does not clear in time.
        problem: Option<Problem>,
    },
    /// It can't succeed.
    Failed(Problem),
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// One word, as Kubernetes says it where it does: `CrashLoopBackOff`.
    pub reason: String,
    /// What happened, in one plain sentence without a full stop.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
    /// Where.
    pub place: Option<Place>,
    /// How many pods of how many have it.
    pub share: (usize, usize),
}

/// A container that has a problem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The pod's name.
    pub pod: String,
    /// The container's name.
    pub container: String,
    /// How it ended last, if it did.
    pub exit_code: Option<i32>,
    /// Whether its last words are those of the container before the last restart.
    pub restarted: bool,
    /// Whether it ever ran, so that there may be a log.
    pub ran: bool,
}

impl Problem {
    fn new(reason: &str, message: impl Into<String>) -> Self {
        Self { reason: reason.to_owned(), message: message.into(), hint: None, place: None, share: (0, 0) }
    }

    fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The sentence, with how many pods it is true of where that is not all.
    #[must_use]
    pub fn sentence(&self) -> String {
        match self.share {
            (some, all) if all > 1 && some > 0 => format!("{some} of {all} pods: {}", self.message),
            _ => self.message.clone(),
        }
    }
}

#[cfg(test)]
mod tests;
