//! What objects say of the pods that they make.

use serde_json::{Map, Value};

use crate::kubernetes::object::Object;

/// The template of the pods that an object makes, if it makes any.
pub(super) fn template(object: &Object) -> Option<&Value> {
    match object.kind.as_str() {
        "Deployment" | "StatefulSet" | "DaemonSet" | "ReplicaSet" | "Job" => object.value.pointer("/spec/template"),
        "CronJob" => object.value.pointer("/spec/jobTemplate/spec/template"),
        "Pod" => Some(&object.value),
        _ => None,
    }
}

/// All containers of a pod template, those that run first included.
pub(super) fn containers(template: &Value) -> impl Iterator<Item = &Value> {
    ["/spec/initContainers", "/spec/containers"].into_iter().flat_map(|list| items(template, list))
}

/// The items of the list at a pointer.
pub(super) fn items<'a>(value: &'a Value, pointer: &str) -> impl Iterator<Item = &'a Value> + use<'a> {
    value.pointer(pointer).and_then(Value::as_array).into_iter().flatten()
}

/// The text at a pointer.
pub(super) fn text<'a>(value: &'a Value, pointer: &str) -> Option<&'a str> {
    value.pointer(pointer).and_then(Value::as_str)
}

/// Whether a selector of plain labels picks pods with these labels. An empty one picks none here: it is no mistake.
pub(super) fn selects(selector: &Map<String, Value>, labels: Option<&Value>) -> bool {
    selector.iter().all(|(key, value)| labels.and_then(|l| l.get(key)) == Some(value))
}

/// Whether msvc made the object, and not a file of `manifests`.
pub(super) fn is_ours(object: &Object) -> bool {
    let labels = object.value.pointer("/metadata/labels");
    labels.and_then(|l| l.get("app.kubernetes.io/managed-by")).and_then(Value::as_str) == Some("msvc")
}

/// How many pods an object asks for at least: of its own, or by the autoscaler among the objects.
pub(super) fn wanted(object: &Object, objects: &[&Object]) -> i64 {
    let scaler = objects.iter().find(|o| scales(o, object));
    let number = match scaler {
        Some(scaler) => scaler.value.pointer("/spec/minReplicas"),
        None => object.value.pointer("/spec/replicas"),
    };
    number.and_then(Value::as_i64).unwrap_or(1)
}

/// Whether an object is an autoscaler of another.
pub(super) fn scales(scaler: &Object, target: &Object) -> bool {
    scaler.kind == "HorizontalPodAutoscaler"
        && scaler.namespace == target.namespace
        && text(&scaler.value, "/spec/scaleTargetRef/kind") == Some(&target.kind)
        && text(&scaler.value, "/spec/scaleTargetRef/name") == Some(&target.name)
}
