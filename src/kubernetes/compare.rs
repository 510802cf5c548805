//! Whether applying changed an object, leaving aside what the cluster itself keeps changing in it.

use serde_json::Value;

/// Whether the two are the same to a user: status and bookkeeping do not count, and neither does the number of pods
/// where `desired` leaves it to an autoscaler.
#[must_use]
pub fn same(before: &Value, after: &Value, desired: &Value) -> bool {
    let scaled = desired.pointer("/spec/replicas").is_none();
    essence(before, scaled) == essence(after, scaled)
}

fn essence(object: &Value, scaled: bool) -> Value {
    let mut object = object.clone();
    if let Some(fields) = object.as_object_mut() {
        fields.shift_remove("status");
    }
    if let Some(metadata) = object.pointer_mut("/metadata").and_then(Value::as_object_mut) {
        for noise in ["managedFields", "resourceVersion", "generation", "creationTimestamp", "uid"] {
            metadata.shift_remove(noise);
        }
        if let Some(annotations) = metadata.get_mut("annotations").and_then(Value::as_object_mut) {
            annotations.shift_remove("deployment.kubernetes.io/revision");
            if annotations.is_empty() {
                metadata.shift_remove("annotations");
            }
        }
    }
    if scaled && let Some(spec) = object.pointer_mut("/spec").and_then(Value::as_object_mut) {
        spec.shift_remove("replicas");
    }
    object
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn bookkeeping_is_no_change() {
        let before =
            json!({"metadata": {"resourceVersion": "1", "name": "a"}, "spec": {"x": 1, "replicas": 2}, "status": {}});
        let annotations = json!({"deployment.kubernetes.io/revision": "1"});
        let after = json!({"metadata": {"resourceVersion": "2", "name": "a", "annotations": annotations},
            "spec": {"x": 1, "replicas": 5}, "status": {"replicas": 1}});
        assert!(same(&before, &after, &json!({"spec": {}})));
        assert!(!same(&before, &after, &json!({"spec": {"replicas": 5}})));
    }

    #[test]
    fn a_changed_field_is_a_change() {
        let (before, after) = (json!({"spec": {"x": 1}}), json!({"spec": {"x": 2}}));
        assert!(!same(&before, &after, &after));
    }
}
