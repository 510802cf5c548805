//! Another number of pods, or other bounds of an autoscaler, until the next deploy returns to what msvc.yaml says.

use std::time::Duration;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value, json};

use super::client::{Apply, Cluster, Refusal};
use super::object::ObjectId;
use super::rollout::{self, Target};
use super::verdict::Verdict;
use super::{evidence, lease};
use crate::error::{Error, Result};
use crate::progress::Progress;
use crate::project::Settings;

/// Owner of the numbers that were set by hand; a deploy takes them back.
pub(super) const MANAGER: &str = "msvc-scale";

/// How many pods.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pods {
    /// So many.
    Exactly(u32),
    /// As many as the load asks for, between these.
    Between(u32, u32),
}

/// How to scale.
#[derive(Debug, Clone)]
pub struct Request<'a> {
    /// The project in its environment, with the one service.
    pub settings: &'a Settings,
    /// How many pods it shall have.
    pub pods: Pods,
    /// Who scales, as their machine knows them.
    pub user: String,
    /// How long to wait until they are there.
    pub timeout: Duration,
}

/// What a service was scaled to.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Scaled {
    /// Version of this document: `msvc/v1`.
    pub api_version: &'static str,
    /// `Scale`.
    pub kind: &'static str,
    /// The environment; `null` where the project declares none.
    pub environment: Option<String>,
    /// The service.
    pub service: String,
    /// Pods that are ready.
    pub ready: i32,
    /// Fewest pods.
    pub min: u32,
    /// Most pods.
    pub max: u32,
    /// Whether an autoscaler decides between the two.
    pub autoscaler: bool,
    /// Seconds until they were ready.
    pub seconds: f64,
}

/// Scales the service and waits until its pods are ready.
///
/// # Errors
/// It is not deployed; it has no autoscaler that could hold bounds (exit code 2); no rights; no answer; pods that do not
/// come up, with their reason.
pub async fn scale(request: &Request<'_>, progress: &dyn Progress) -> Result<Scaled> {
    let settings = request.settings;
    let cluster = Cluster::connect(settings.context.as_deref(), &settings.namespace).await?;
    let held = lease::take(&cluster, &settings.project, &request.user, progress).await?;
    let result = tokio::select! {
        result = run(&cluster, request, progress) => result,
        lost = held.lost() => return Err(lost),
    };
    held.give_back().await;
    result
}

async fn run(cluster: &Cluster, request: &Request<'_>, progress: &dyn Progress) -> Result<Scaled> {
    let service = request.settings.services[0].service.name.to_string();
    let deployment = id("apps", "v1", "Deployment", &service);
    let scaler = id("autoscaling", "v2", "HorizontalPodAutoscaler", &service);
    let (since, place) = (Timestamp::now(), request.settings.environment.as_deref().unwrap_or("the cluster"));
    let Some(live) = cluster.read(&deployment).await? else {
        return Err(
            Error::failed(format!("{service} is not deployed in {place}")).hint("`msvc deploy` brings it there")
        );
    };
    let autoscaler = cluster.read(&scaler).await?.is_some();
    let stopped = live.pointer("/spec/replicas") == Some(&json!(0));
    let steps = steps(&service, request.pods, autoscaler, stopped)?;
    let mut generation = live.pointer("/metadata/generation").and_then(Value::as_i64).unwrap_or(0);
    for step in &steps {
        let (id, spec) = match step {
            Step::Pods(pods) => (&deployment, json!({ "replicas": pods })),
            Step::Bounds(min, max) => (&scaler, json!({ "minReplicas": min, "maxReplicas": max })),
        };
        let after = set(cluster, id, &spec).await?;
        if id == &deployment {
            generation = after.pointer("/metadata/generation").and_then(Value::as_i64).unwrap_or(generation);
        }
    }
    let (min, max) = request.pods.bounds();
    let target = Target {
        name: service.clone(),
        service: Some(service.clone()),
        generation,
        minimum: i32::try_from(min).unwrap_or(i32::MAX),
    };
    let ended = rollout::wait(cluster, &[target], since, request.timeout, progress).await?;
    let Some((Verdict::Done { pods }, seconds)) = ended.first().map(|e| (&e.verdict, e.seconds)) else {
        return Err(evidence::failure(cluster, &ended, &format!("scaling in {place}"), None).await);
    };
    Ok(Scaled {
        api_version: crate::project::API_VERSION,
        kind: "Scale",
        environment: request.settings.environment.clone(),
        service,
        ready: *pods,
        min,
        max,
        autoscaler: autoscaler && max > 0,
        seconds,
    })
}

/// One thing to set.
#[derive(Debug, PartialEq, Eq)]
enum Step {
    Pods(u32),
    Bounds(u32, u32),
}

/// An autoscaler has no bound of zero: it rests while its Deployment is set to no pods, until that is set to some.
fn steps(service: &str, pods: Pods, autoscaler: bool, stopped: bool) -> Result<Vec<Step>> {
    match (pods, autoscaler) {
        (Pods::Exactly(number), false) => Ok(vec![Step::Pods(number)]),
        (Pods::Exactly(0), true) => Ok(vec![Step::Pods(0)]),
        (Pods::Between(..), false) => Err(Error::usage(format!("{service} has no autoscaler that could hold bounds"))
            .hint("give one number of pods, or declare `autoscale` in msvc.yaml and deploy")),
        (_, true) => {
            let (min, max) = pods.bounds();
            let start = stopped.then_some(Step::Pods(min));
            Ok(std::iter::once(Step::Bounds(min, max)).chain(start).collect())
        }
    }
}

impl Pods {
    fn bounds(self) -> (u32, u32) {
        match self {
            Self::Exactly(number) => (number, number),
            Self::Between(min, max) => (min, max),
        }
    }
}

async fn set(cluster: &Cluster, id: &ObjectId, spec: &Value) -> Result<Value> {
    let patch = json!({
        "apiVersion": id.api_version(), "kind": id.kind, "metadata": { "name": id.name }, "spec": spec,
    });
    let how = Apply { force: true, manager: MANAGER, ..Apply::default() };
    cluster.apply(id, &patch, how).await.map_err(|refusal| match refusal {
        Refusal::Other(error) => error,
        Refusal::Conflicts(_) => Error::failed(format!("{id} was changed by someone else at the same time")),
    })
}

fn id(group: &str, version: &str, kind: &str, name: &str) -> ObjectId {
    ObjectId {
        group: group.to_owned(),
        version: version.to_owned(),
        kind: kind.to_owned(),
        namespace: None,
        name: name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_need_an_autoscaler_and_numbers_do_not() {
        assert_eq!(steps("a", Pods::Exactly(3), false, false).unwrap(), [Step::Pods(3)]);
        assert!(steps("a", Pods::Between(1, 3), false, false).is_err());
        assert_eq!(steps("a", Pods::Between(1, 3), true, false).unwrap(), [Step::Bounds(1, 3)]);
        assert_eq!(steps("a", Pods::Exactly(3), true, false).unwrap(), [Step::Bounds(3, 3)]);
    }

    #[test]
    fn an_autoscaler_rests_at_zero_and_is_started_again() {
        assert_eq!(steps("a", Pods::Exactly(0), true, false).unwrap(), [Step::Pods(0)]);
        assert_eq!(steps("a", Pods::Between(2, 3), true, true).unwrap(), [Step::Bounds(2, 3), Step::Pods(2)]);
    }
}
