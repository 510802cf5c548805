//! The autoscaler of a service: exactly one, with all its targets.

use k8s_openapi::api::autoscaling::v2::{
    CrossVersionObjectReference, HPAScalingPolicy, HPAScalingRules, HorizontalPodAutoscaler,
    HorizontalPodAutoscalerBehavior, HorizontalPodAutoscalerSpec, MetricSpec, MetricTarget, ResourceMetricSource,
};

use super::{DEFAULT_PODS, Scope};
use crate::error::Result;
use crate::project::deploy::Autoscale;

const MAX: u32 = 10;
const CPU: u32 = 70;

/// # Errors
/// A bound that is out of Kubernetes' range (exit code 2).
pub(super) fn autoscaler(scope: &Scope) -> Result<Option<HorizontalPodAutoscaler>> {
    let Some(autoscale) = &scope.service.deploy.autoscale else { return Ok(None) };
    let (min, max) = bounds(scope, autoscale)?;
    Ok(Some(HorizontalPodAutoscaler {
        metadata: scope.identity().metadata(),
        spec: Some(HorizontalPodAutoscalerSpec {
            scale_target_ref: CrossVersionObjectReference {
                api_version: Some("apps/v1".to_owned()),
                kind: "Deployment".to_owned(),
                name: scope.name().to_owned(),
            },
            min_replicas: Some(min),
            max_replicas: max,
            metrics: Some(metrics(autoscale)),
            behavior: Some(behavior()),
        }),
        ..HorizontalPodAutoscaler::default()
    }))
}

/// Fewest pods that it leaves.
pub(super) fn least(autoscale: &Autoscale) -> u32 {
    autoscale.min.unwrap_or_else(|| DEFAULT_PODS.min(autoscale.max.unwrap_or(DEFAULT_PODS)))
}

fn bounds(scope: &Scope, autoscale: &Autoscale) -> Result<(i32, i32)> {
    let min = least(autoscale);
    let max = autoscale.max.unwrap_or_else(|| MAX.max(min));
    let number = |n: u32| i32::try_from(n).map_err(|_| scope.invalid(format!("deploy.autoscale: {n} is too many")));
    Ok((number(min)?, number(max)?))
}

fn metrics(autoscale: &Autoscale) -> Vec<MetricSpec> {
    let cpu = autoscale.cpu.or_else(|| autoscale.memory.is_none().then_some(CPU));
    let targets = [("cpu", cpu), ("memory", autoscale.memory)];
    targets.into_iter().filter_map(|(name, percent)| percent.map(|percent| metric(name, percent))).collect()
}

fn metric(name: &str, percent: u32) -> MetricSpec {
    MetricSpec {
        type_: "Resource".to_owned(),
        resource: Some(ResourceMetricSource {
            name: name.to_owned(),
            target: MetricTarget {
                type_: "Utilization".to_owned(),
                average_utilization: Some(i32::try_from(percent).unwrap_or(i32::MAX)),
                ..MetricTarget::default()
            },
        }),
        ..MetricSpec::default()
    }
}

/// Up at once and fast, down by half a minute at most by half. How long low load must last is the cluster's setting.
fn behavior() -> HorizontalPodAutoscalerBehavior {
    let policy =
        |type_: &str, value, period_seconds| HPAScalingPolicy { type_: type_.to_owned(), value, period_seconds };
    HorizontalPodAutoscalerBehavior {
        scale_up: Some(HPAScalingRules {
            stabilization_window_seconds: Some(0),
            select_policy: Some("Max".to_owned()),
            policies: Some(vec![policy("Percent", 100, 15), policy("Pods", 4, 15)]),
            ..HPAScalingRules::default()
        }),
        scale_down: Some(HPAScalingRules {
            policies: Some(vec![policy("Percent", 50, 30)]),
            ..HPAScalingRules::default()
        }),
    }
}
