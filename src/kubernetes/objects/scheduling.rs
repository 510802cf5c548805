//! Where pods run: apart from each other where that can be, so that a node or zone that fails takes few with it.

use k8s_openapi::api::core::v1::{
    Affinity, PodAffinityTerm, PodAntiAffinity, Toleration, TopologySpreadConstraint, WeightedPodAffinityTerm,
};

use super::Scope;
use crate::error::Result;
use crate::kubernetes::labels::Labels;

const ZONE: &str = "topology.kubernetes.io/zone";
const NODE: &str = "kubernetes.io/hostname";

/// Evenly over zones and nodes. Pods of one revision are counted by themselves, else those of the one before
/// would push the new ones together.
pub(super) fn spread(scope: &Scope) -> Vec<TopologySpreadConstraint> {
    let chosen = scope.service.deploy.scheduling.as_ref().and_then(|s| s.topology_key.as_deref()).unwrap_or(ZONE);
    let over = |key: &str| TopologySpreadConstraint {
        max_skew: 1,
        topology_key: key.to_owned(),
        when_unsatisfiable: "ScheduleAnyway".to_owned(),
        label_selector: Some(scope.identity().label_selector()),
        match_label_keys: Some(vec!["pod-template-hash".to_owned()]),
        ..TopologySpreadConstraint::default()
    };
    if chosen == NODE { vec![over(NODE)] } else { vec![over(chosen), over(NODE)] }
}

/// Rather not on a node that has one already.
pub(super) fn affinity(scope: &Scope) -> Affinity {
    let term = PodAffinityTerm {
        label_selector: Some(scope.identity().label_selector()),
        topology_key: NODE.to_owned(),
        ..PodAffinityTerm::default()
    };
    let preferred = WeightedPodAffinityTerm { weight: 100, pod_affinity_term: term };
    Affinity {
        pod_anti_affinity: Some(PodAntiAffinity {
            preferred_during_scheduling_ignored_during_execution: Some(vec![preferred]),
            ..PodAntiAffinity::default()
        }),
        ..Affinity::default()
    }
}

/// Labels that a node must have.
pub(super) fn node_selector(scope: &Scope) -> Option<Labels> {
    let wanted = &scope.service.deploy.scheduling.as_ref()?.node_selector;
    (!wanted.is_empty()).then(|| wanted.iter().map(|(k, v)| (k.clone(), v.as_str().to_owned())).collect())
}

/// Taints that are put up with.
///
/// # Errors
/// One that is no toleration (exit code 2).
pub(super) fn tolerations(scope: &Scope) -> Result<Option<Vec<Toleration>>> {
    let given = scope.service.deploy.scheduling.as_ref().map_or(&[][..], |s| &s.tolerations);
    let read = |value: &serde_json::Value| {
        serde_json::from_value::<Toleration>(value.clone())
            .map_err(|e| scope.invalid(format!("deploy.scheduling.tolerations: {e} in {value}")))
    };
    let tolerations = given.iter().map(read).collect::<Result<Vec<_>>>()?;
    Ok((!tolerations.is_empty()).then_some(tolerations))
}
