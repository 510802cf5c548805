//! The Deployment of a service.

use k8s_openapi::api::apps::v1::{Deployment, DeploymentSpec, DeploymentStrategy, RollingUpdateDeployment};
use k8s_openapi::api::core::v1::ConfigMap;
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

use super::{DEFAULT_PODS, Scope, config_map, pod};
use crate::error::Result;
use crate::kubernetes::labels::version;

/// Seconds without progress after which a rollout has failed: a start of two minutes fits twice.
const PROGRESS_DEADLINE: i32 = 300;

pub(super) fn deployment(scope: &Scope, config: &ConfigMap) -> Result<Deployment> {
    let mut metadata = scope.identity().metadata();
    metadata.labels.get_or_insert_default().extend(version(scope.image));
    Ok(Deployment {
        metadata,
        spec: Some(DeploymentSpec {
            replicas: replicas(scope),
            selector: scope.identity().label_selector(),
            strategy: Some(DeploymentStrategy {
                type_: Some("RollingUpdate".to_owned()),
                rolling_update: Some(RollingUpdateDeployment {
                    max_unavailable: Some(IntOrString::Int(0)),
                    max_surge: Some(IntOrString::String("25%".to_owned())),
                }),
            }),
            min_ready_seconds: Some(3),
            progress_deadline_seconds: Some(PROGRESS_DEADLINE),
            revision_history_limit: Some(5),
            template: pod::template(scope, &config_map::hash(config))?,
            ..DeploymentSpec::default()
        }),
        ..Deployment::default()
    })
}

/// The number of pods; left out where an autoscaler owns it, else every deploy would reset what it chose.
fn replicas(scope: &Scope) -> Option<i32> {
    let deploy = &scope.service.deploy;
    match deploy.autoscale {
        Some(_) => None,
        None => Some(i32::try_from(deploy.replicas.unwrap_or(DEFAULT_PODS)).unwrap_or(i32::MAX)),
    }
}
