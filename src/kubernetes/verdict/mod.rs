//! Whether a rollout is done, still under way, or can't succeed, and why: a pure function of what is seen.
//!
//! Only the pods of the newest ReplicaSet count, and what is older than this deploy is given time to clear.

mod images;
mod pod;
mod probe;
mod refusal;
mod restarts;
mod when;

use jiff::{SignedDuration, Timestamp};
use k8s_openapi::api::apps::v1::{Deployment, ReplicaSet};
use k8s_openapi::api::core::v1::{Event, Pod};

use pod::Seen;

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

/// How the rollout stands.
#[must_use]
pub fn judge(look: &Look<'_>) -> Verdict {
    let metadata = &look.deployment.metadata;
    let status = look.deployment.status.clone().unwrap_or_default();
    let generation = metadata.generation.unwrap_or(0).max(look.generation);
    if status.observed_generation.unwrap_or(0) < generation {
        return waiting("the cluster to take notice");
    }
    let Some(newest) = newest_replica_set(look) else { return waiting("its first pods to be made") };
    let pods = pods_of(look, newest);
    if let Some(verdict) = by_pods(look, &pods) {
        return verdict;
    }
    if let Some(problem) = refusal::of_replica_set(newest, look).or_else(|| refusal::of_deployment(look)) {
        return Verdict::Failed(problem);
    }
    let wanted = look.deployment.spec.as_ref().and_then(|s| s.replicas).unwrap_or(1).max(look.minimum);
    let updated = status.updated_replicas.unwrap_or(0);
    let old = status.replicas.unwrap_or(0) - updated;
    let available = status.available_replicas.unwrap_or(0);
    if updated >= wanted && old <= 0 && available >= wanted {
        return Verdict::Done { pods: available };
    }
    let text = if available.min(updated) < wanted || old <= 0 {
        let ready = pods.iter().filter(|p| pod::is_ready(p)).count();
        let what = pods.iter().find_map(|p| pod::doing(p, look));
        format!("{ready} of {wanted} pods are ready{}", what.map_or(String::new(), |w| format!(", {w}")))
    } else {
        format!("{old} old {} to end", if old == 1 { "pod" } else { "pods" })
    };
    waiting(&text)
}

/// The newest pods that something keeps from running; not those that only have no node yet.
#[must_use]
pub fn stuck_pods(look: &Look<'_>) -> Vec<String> {
    let Some(newest) = newest_replica_set(look) else { return Vec::new() };
    let stuck = |pod: &&Pod| pod::see(pod, look).is_some_and(|seen| seen.parts().0.reason != "Unschedulable");
    pods_of(look, newest).into_iter().filter(stuck).filter_map(|pod| pod.metadata.name.clone()).collect()
}

/// The ReplicaSet of the Deployment's present revision.
fn newest_replica_set<'a>(look: &Look<'a>) -> Option<&'a ReplicaSet> {
    const REVISION: &str = "deployment.kubernetes.io/revision";
    let uid = look.deployment.metadata.uid.as_deref();
    let revision = look.deployment.metadata.annotations.as_ref().and_then(|a| a.get(REVISION));
    look.replica_sets.iter().copied().find(|set| {
        let owners = set.metadata.owner_references.iter().flatten();
        let ours = owners.into_iter().any(|o| Some(o.uid.as_str()) == uid);
        ours && revision.is_some() && set.metadata.annotations.as_ref().and_then(|a| a.get(REVISION)) == revision
    })
}

/// The pods of a ReplicaSet that are not on their way out.
fn pods_of<'a>(look: &Look<'a>, set: &ReplicaSet) -> Vec<&'a Pod> {
    let uid = set.metadata.uid.as_deref();
    let owned = |pod: &Pod| pod.metadata.owner_references.iter().flatten().any(|o| Some(o.uid.as_str()) == uid);
    let mut pods: Vec<&Pod> =
        look.pods.iter().copied().filter(|p| p.metadata.deletion_timestamp.is_none() && owned(p)).collect();
    pods.sort_by(|a, b| a.metadata.name.cmp(&b.metadata.name));
    pods
}

/// What the pods decide; equal problems are told once, with how many pods have them.
fn by_pods(look: &Look<'_>, pods: &[&Pod]) -> Option<Verdict> {
    let counted: Vec<&Pod> = pods.iter().copied().filter(|p| !pod::is_tolerated(p)).collect();
    let seen: Vec<Seen> = counted.iter().filter_map(|p| pod::see(p, look)).collect();
    let share = |problem: &Problem, fatal: bool| {
        let same = |s: &&Seen| {
            let (other, other_fatal) = s.parts();
            other.reason == problem.reason && other_fatal == fatal
        };
        (seen.iter().filter(same).count(), counted.len())
    };
    if let Some(Seen::Fatal(problem)) = seen.iter().find(|s| matches!(s, Seen::Fatal(_))) {
        return Some(Verdict::Failed(Problem { share: share(problem, true), ..problem.clone() }));
    }
    if let Some(Seen::Worry(problem)) = seen.first() {
        let problem = Problem { share: share(problem, false), ..problem.clone() };
        return Some(Verdict::Waiting { text: problem.sentence(), problem: Some(problem) });
    }
    None
}

fn waiting(text: &str) -> Verdict {
    Verdict::Waiting { text: text.to_owned(), problem: None }
}

#[cfg(test)]
mod tests;
