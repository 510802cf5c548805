//! The number of pods belongs to the autoscaler where there is one. Handing it over must not drop it to one, which is
//! what the server does with a field that nobody owns any more.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::client::{Apply, Cluster, Conflict, Refusal};
use super::object::Object;
use super::scale;

/// Owner of the number of pods from the hand-over until the autoscaler changes it for the first time.
const MANAGER: &str = "msvc-autoscaler";

/// The fewest pods that the autoscalers among the objects keep, by the name of their Deployment.
#[must_use]
pub fn minimums(objects: &[Object]) -> BTreeMap<String, i32> {
    let scalers = objects.iter().filter(|o| o.kind == "HorizontalPodAutoscaler");
    let minimum = |scaler: &Object| {
        let target = scaler.value.pointer("/spec/scaleTargetRef")?;
        if target.get("kind")? != "Deployment" {
            return None;
        }
        let fewest = scaler.value.pointer("/spec/minReplicas").and_then(Value::as_i64).unwrap_or(1);
        Some((target.get("name")?.as_str()?.to_owned(), i32::try_from(fewest).ok()?))
    };
    scalers.filter_map(minimum).collect()
}

/// What the number of pods must be held at so that applying `desired` does not change it; `None`: nothing to do. An
/// autoscaler rests while it is 0, so that is raised.
#[must_use]
pub fn to_hold(desired: &Object, live: Option<&Value>) -> Option<i64> {
    let scaled_by_others = desired.kind == "Deployment" && desired.value.pointer("/spec/replicas").is_none();
    let live = live.filter(|_| scaled_by_others)?;
    let pods = live.pointer("/spec/replicas").and_then(Value::as_i64)?;
    if pods == 0 {
        return Some(1);
    }
    let ours = live.pointer("/metadata/managedFields")?.as_array()?.iter().any(|entry| {
        entry.get("manager").and_then(Value::as_str) == Some("msvc")
            && entry.pointer("/fieldsV1/f:spec/f:replicas").is_some()
    });
    ours.then_some(pods)
}

/// Sets the number of pods of a Deployment that exists, in a name of its own.
///
/// # Errors
/// As for [`Cluster::apply`].
pub async fn hold(cluster: &Cluster, deployment: &Object, pods: i64) -> Result<(), Refusal> {
    let patch = json!({
        "apiVersion": deployment.api_version, "kind": deployment.kind,
        "metadata": { "name": deployment.name }, "spec": { "replicas": pods },
    });
    let how = Apply { force: true, manager: MANAGER, ..Apply::default() };
    cluster.apply(&deployment.id(), &patch, how).await.map(|_| ())
}

/// Whether the only conflicts are about numbers that are free to take: of an autoscaler that the project no longer has,
/// or set by `msvc scale` until the next deploy.
#[must_use]
pub fn is_hand_back(conflicts: &[Conflict]) -> bool {
    let scaler = |manager: &str| manager == MANAGER || manager.ends_with("controller-manager");
    let free = |c: &Conflict| c.manager == scale::MANAGER || (c.field == ".spec.replicas" && scaler(&c.manager));
    conflicts.iter().all(free)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn deployment(spec: &Value) -> Object {
        let value = json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "a"}, "spec": spec});
        Object::from_value(value, None).unwrap()
    }

    #[test]
    fn a_number_that_we_owned_is_held_when_an_autoscaler_comes() {
        let fields = json!([{"manager": "msvc", "fieldsV1": {"f:spec": {"f:replicas": {}}}}]);
        let live = json!({"metadata": {"managedFields": fields}, "spec": {"replicas": 3}});
        assert_eq!(to_hold(&deployment(&json!({})), Some(&live)), Some(3));
        assert_eq!(to_hold(&deployment(&json!({"replicas": 2})), Some(&live)), None);
        let other = json!([{"manager": "kube-controller-manager", "fieldsV1": {"f:spec": {"f:replicas": {}}}}]);
        let live = json!({"metadata": {"managedFields": other}, "spec": {"replicas": 3}});
        assert_eq!(to_hold(&deployment(&json!({})), Some(&live)), None);
    }

    #[test]
    fn only_the_autoscalers_number_is_taken_back_by_itself() {
        let conflict = |manager: &str, field: &str| Conflict { manager: manager.into(), field: field.into() };
        assert!(is_hand_back(&[conflict("kube-controller-manager", ".spec.replicas")]));
        assert!(is_hand_back(&[conflict(scale::MANAGER, ".spec.minReplicas")]));
        assert!(!is_hand_back(&[conflict("kubectl-edit", ".spec.replicas")]));
        assert!(!is_hand_back(&[conflict(MANAGER, ".spec.replicas"), conflict("x", ".spec.paused")]));
    }
}
