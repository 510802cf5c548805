//! The verdict itself: what the pods decide first, then what the ReplicaSet and the Deployment say.

use k8s_openapi::api::apps::v1::ReplicaSet;
use k8s_openapi::api::core::v1::Pod;

use super::pod::{self, Seen};
use super::{Look, Problem, Verdict, refusal};

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
    // Those of before, and those that are too many now.
    let old = status.replicas.unwrap_or(0) - updated.min(wanted);
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
