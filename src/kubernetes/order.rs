//! The waves in which objects are applied: what others need comes first.

use super::Object;

/// The wave that objects of `kind` are applied in, from 0: namespaces and types, then what pods refer to, then
/// services, workloads, and last what acts on workloads or leads traffic to them.
#[must_use]
pub fn wave(kind: &str) -> u8 {
    match kind {
        "Namespace" | "CustomResourceDefinition" => 0,
        "ConfigMap"
        | "Secret"
        | "ServiceAccount"
        | "Role"
        | "RoleBinding"
        | "ClusterRole"
        | "ClusterRoleBinding"
        | "NetworkPolicy"
        | "ResourceQuota"
        | "LimitRange"
        | "PriorityClass"
        | "StorageClass"
        | "PersistentVolume"
        | "PersistentVolumeClaim" => 1,
        "Service" => 2,
        "Pod" | "Deployment" | "StatefulSet" | "DaemonSet" | "ReplicaSet" | "Job" | "CronJob" => 3,
        "HorizontalPodAutoscaler" | "PodDisruptionBudget" | "Ingress" | "HTTPRoute" => 4,
        // A custom resource may need anything of ours, and its type came first.
        _ => 5,
    }
}

/// Whether `kind` is not one of Kubernetes' own, as far as they are known here.
#[must_use]
pub fn is_custom(kind: &str) -> bool {
    wave(kind) == 5
}

/// Whether objects of `kind` run, or act on what runs.
#[must_use]
pub fn runs(kind: &str) -> bool {
    wave(kind) >= wave("Deployment")
}

/// Sorts by wave, and within one by kind, namespace and name.
pub fn sort(objects: &mut [Object]) {
    objects.sort_by(|a, b| {
        let key = |o: &Object| (wave(&o.kind), o.kind.clone(), o.namespace.clone(), o.name.clone());
        key(a).cmp(&key(b))
    });
}
