//! How one service stands, from what was read of its namespace.

use jiff::Timestamp;
use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::autoscaling::v2::{HorizontalPodAutoscaler, MetricSpec, MetricStatus};
use schemars::JsonSchema;
use serde::Serialize;

use super::{Seen, endpoints};
use crate::kubernetes::verdict::{Look, Problem, Verdict, judge};

/// How a service stands.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ServiceStatus {
    /// Its name; for backing, that of its Deployment.
    pub name: String,
    /// In one word.
    pub state: State,
    /// What a rollout that is under way waits for.
    pub waiting: Option<String>,
    /// The image that is to run; `null`: it is not deployed.
    pub image: Option<String>,
    /// The number of the newest deploy; `null`: there is no record of one.
    pub revision: Option<u32>,
    /// How many pods are wanted.
    pub desired: i32,
    /// How many pods are ready, old ones included.
    pub ready: i32,
    /// How many pods are of the newest kind.
    pub updated: i32,
    /// Its autoscaler; `null`: it has none.
    pub autoscaler: Option<Autoscaler>,
    /// Where it can be reached, inside the cluster first.
    pub endpoints: Vec<String>,
    /// What its Deployment says of itself.
    pub conditions: Vec<Condition>,
    /// What is wrong, and what to do about it.
    pub problems: Vec<ProblemReport>,
}

/// How a service stands, in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// All that is wanted runs.
    Running,
    /// A rollout is under way.
    Rolling,
    /// Its newest pods can't run.
    Failing,
    /// It is not deployed.
    Absent,
}

/// An autoscaler.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Autoscaler {
    /// Fewest pods.
    pub min: i32,
    /// Most pods.
    pub max: i32,
    /// How many pods it sees.
    pub current: i32,
    /// What it goes by.
    pub metrics: Vec<Metric>,
}

/// What an autoscaler goes by, in percent of what is requested.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Metric {
    /// `cpu`, `memory`.
    pub name: String,
    /// What it is now; `null`: not known yet.
    pub current: Option<i32>,
    /// What it shall be.
    pub target: Option<i32>,
}

/// What a Deployment says of itself.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Condition {
    /// `Available`, `Progressing`, ...
    #[serde(rename = "type")]
    pub kind: String,
    /// `True`, `False` or `Unknown`.
    pub status: String,
    /// In one word.
    pub reason: Option<String>,
    /// In a sentence.
    pub message: Option<String>,
}

/// What is wrong with a service.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ProblemReport {
    /// In one word.
    pub reason: String,
    /// In a sentence.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
}

pub(super) fn status(name: &str, seen: &Seen) -> ServiceStatus {
    let Some(deployment) = seen.deployments.iter().find(|d| d.metadata.name.as_deref() == Some(name)) else {
        return absent(name);
    };
    let scaler = seen.scalers.iter().find(|s| s.spec.as_ref().is_some_and(|s| s.scale_target_ref.name == name));
    let verdict = judge(&look(deployment, scaler, seen));
    let status = deployment.status.clone().unwrap_or_default();
    let conditions = status.conditions.unwrap_or_default().into_iter();
    let (state, waiting, problem) = match verdict {
        Verdict::Done { .. } => (State::Running, None, None),
        Verdict::Waiting { text, problem } => (State::Rolling, Some(text), problem),
        Verdict::Failed(problem) => (State::Failing, None, Some(problem)),
    };
    ServiceStatus {
        name: name.to_owned(),
        state,
        waiting,
        image: image(deployment, name),
        revision: seen.revision,
        desired: deployment.spec.as_ref().and_then(|s| s.replicas).unwrap_or(1),
        ready: status.ready_replicas.unwrap_or(0),
        updated: status.updated_replicas.unwrap_or(0),
        autoscaler: scaler.map(autoscaler),
        endpoints: endpoints::of(name, seen),
        conditions: conditions
            .map(|c| Condition { kind: c.type_, status: c.status, reason: c.reason, message: c.message })
            .collect(),
        problems: problem.into_iter().map(report).chain(scaler.and_then(|s| at_maximum(name, s))).collect(),
    }
}

fn absent(name: &str) -> ServiceStatus {
    ServiceStatus {
        name: name.to_owned(),
        state: State::Absent,
        waiting: None,
        image: None,
        revision: None,
        desired: 0,
        ready: 0,
        updated: 0,
        autoscaler: None,
        endpoints: Vec::new(),
        conditions: Vec::new(),
        problems: vec![ProblemReport {
            reason: "NotDeployed".to_owned(),
            message: "it is not deployed".to_owned(),
            hint: Some("`msvc deploy` brings it there".to_owned()),
        }],
    }
}

fn look<'a>(deployment: &'a Deployment, scaler: Option<&HorizontalPodAutoscaler>, seen: &'a Seen) -> Look<'a> {
    Look {
        deployment,
        generation: 0,
        replica_sets: seen.replica_sets.iter().collect(),
        pods: seen.pods.iter().collect(),
        events: seen.events.iter().collect(),
        minimum: scaler.and_then(|s| s.spec.as_ref()?.min_replicas).unwrap_or(0),
        since: Timestamp::UNIX_EPOCH,
        needs_up: Some(Timestamp::UNIX_EPOCH),
        now: seen.now,
    }
}

fn image(deployment: &Deployment, name: &str) -> Option<String> {
    let containers = &deployment.spec.as_ref()?.template.spec.as_ref()?.containers;
    containers.iter().find(|c| c.name == name).or_else(|| containers.first())?.image.clone()
}

fn report(problem: Problem) -> ProblemReport {
    ProblemReport { message: problem.sentence(), reason: problem.reason, hint: problem.hint }
}

/// It serves, but as many pods as it would take are not allowed.
fn at_maximum(name: &str, scaler: &HorizontalPodAutoscaler) -> Option<ProblemReport> {
    let conditions = scaler.status.as_ref()?.conditions.as_ref()?;
    let limited = conditions.iter().find(|c| c.type_ == "ScalingLimited" && c.status == "True")?;
    let most = scaler.spec.as_ref()?.max_replicas;
    (limited.reason.as_deref() == Some("TooManyReplicas")).then(|| ProblemReport {
        reason: "AtMaximum".to_owned(),
        message: format!("its autoscaler would have more pods than its maximum of {most}"),
        hint: Some(format!(
            "`deploy.autoscale.max` in msvc.yaml allows more; `msvc scale {name} MIN..MAX` does until the next deploy"
        )),
    })
}

fn autoscaler(scaler: &HorizontalPodAutoscaler) -> Autoscaler {
    let spec = scaler.spec.clone().unwrap_or_default();
    let status = scaler.status.clone().unwrap_or_default();
    let current = status.current_metrics.unwrap_or_default();
    Autoscaler {
        min: spec.min_replicas.unwrap_or(1),
        max: spec.max_replicas,
        current: status.current_replicas.unwrap_or(0),
        metrics: spec.metrics.iter().flatten().filter_map(|m| metric(m, &current)).collect(),
    }
}

fn metric(wanted: &MetricSpec, current: &[MetricStatus]) -> Option<Metric> {
    let resource = wanted.resource.as_ref()?;
    let now = current.iter().filter_map(|m| m.resource.as_ref()).find(|m| m.name == resource.name);
    Some(Metric {
        name: resource.name.clone(),
        current: now.and_then(|m| m.current.average_utilization),
        target: resource.target.average_utilization,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_autoscaler_that_would_have_more_pods_is_told_of() {
        let scaler = |reason: &str, status: &str| -> HorizontalPodAutoscaler {
            let limited = json!({"type": "ScalingLimited", "status": status, "reason": reason});
            let spec = json!({"maxReplicas": 4, "scaleTargetRef": {"kind": "Deployment", "name": "orders"}});
            serde_json::from_value(json!({"spec": spec, "status": {"conditions": [limited]}})).unwrap()
        };
        let told = |scaler: &HorizontalPodAutoscaler| at_maximum("orders", scaler).map(|problem| problem.message);
        assert_eq!(
            told(&scaler("TooManyReplicas", "True")).as_deref(),
            Some("its autoscaler would have more pods than its maximum of 4")
        );
        assert_eq!(told(&scaler("TooFewReplicas", "True")), None);
        assert_eq!(told(&scaler("DesiredWithinRange", "False")), None);
    }
}
