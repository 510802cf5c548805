//! Pods that can't even be made: quota, Pod Security, admission; and rollouts that the cluster gave up.

use jiff::Timestamp;
use k8s_openapi::api::apps::v1::ReplicaSet;

use super::{Look, Problem, STALE, when};

/// What keeps the ReplicaSet from making pods.
pub(super) fn of_replica_set(set: &ReplicaSet, look: &Look<'_>) -> Option<Problem> {
    let conditions = set.status.as_ref().and_then(|s| s.conditions.as_ref())?;
    let failure = conditions.iter().find(|c| c.type_ == "ReplicaFailure" && c.status == "True")?;
    if !believed(when::time(failure.last_transition_time.as_ref()), look) {
        return None;
    }
    let message = failure.message.clone().unwrap_or_default();
    let problem = if message.contains("exceeded quota") {
        Problem::new("QuotaExceeded", format!("the namespace's quota allows no more pods ({})", after_colon(&message)))
            .hint("ask for less under `deploy.resources`, or have the quota raised: `kubectl describe quota` shows it")
    } else if message.contains("violates PodSecurity") {
        Problem::new("PodSecurity", format!("the namespace's Pod Security refuses the pods: {}", violation(&message)))
            .hint("`patches` in msvc.yaml ask for what this namespace does not allow; what msvc makes keeps to the strictest level")
    } else if message.contains("admission webhook") || message.contains("denied request") {
        Problem::new("AdmissionRefused", format!("the cluster's admission refuses the pods: {message}"))
            .hint("whoever runs the cluster made that rule")
    } else {
        Problem::new("FailedCreate", format!("the pods can't be made: {message}"))
    };
    Some(problem)
}

/// The cluster itself sees no progress.
pub(super) fn of_deployment(look: &Look<'_>) -> Option<Problem> {
    let conditions = look.deployment.status.as_ref().and_then(|s| s.conditions.as_ref())?;
    let stuck = conditions.iter().find(|c| c.reason.as_deref() == Some("ProgressDeadlineExceeded"))?;
    // One from before this deploy stands until the next progress, so it says nothing.
    let ours = when::time(stuck.last_transition_time.as_ref()).is_none_or(|t| when::not_before(t, look.since));
    ours.then(|| {
        Problem::new("ProgressDeadlineExceeded", "the rollout made no progress for the time that the Deployment allows")
    })
}

/// A condition from before this deploy may only not have been cleared yet.
fn believed(since: Option<Timestamp>, look: &Look<'_>) -> bool {
    since.is_none_or(|t| when::not_before(t, look.since)) || look.now.duration_since(look.since) > STALE
}

fn after_colon(message: &str) -> &str {
    message.split_once("exceeded quota: ").map_or(message, |(_, rest)| rest)
}

fn violation(message: &str) -> &str {
    message.split_once("violates PodSecurity ").map_or(message, |(_, rest)| rest)
}
