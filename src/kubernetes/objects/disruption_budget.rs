//! The PodDisruptionBudget of a service: draining nodes takes one pod at a time.

use k8s_openapi::api::policy::v1::{PodDisruptionBudget, PodDisruptionBudgetSpec};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

use super::Scope;

/// None where a single pod runs: it would only keep its node from being drained.
pub(super) fn disruption_budget(scope: &Scope) -> Option<PodDisruptionBudget> {
    (scope.least_pods() > 1).then(|| PodDisruptionBudget {
        metadata: scope.identity().metadata(),
        spec: Some(PodDisruptionBudgetSpec {
            // Counted from above, it holds for whatever number the autoscaler chooses.
            max_unavailable: Some(IntOrString::Int(1)),
            selector: Some(scope.identity().label_selector()),
            unhealthy_pod_eviction_policy: Some("AlwaysAllow".to_owned()),
            ..PodDisruptionBudgetSpec::default()
        }),
        ..PodDisruptionBudget::default()
    })
}
