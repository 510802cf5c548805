//! What applying changed in an object, leaving aside what the cluster itself keeps changing in it.

use serde_json::Value;

use super::difference::{Difference, between};

/// The fields in which the two differ to a user: status and bookkeeping do not count, and neither does the number of
/// pods where `desired` leaves it to an autoscaler. What a Secret holds is not told.
#[must_use]
pub fn changes(before: &Value, after: &Value, desired: &Value) -> Vec<Difference> {
    let scaled = desired.pointer("/spec/replicas").is_none();
    let mut fields = between(&essence(before, scaled), &essence(after, scaled));
    if after["kind"] == "Secret" {
        for field in fields.iter_mut().filter(|f| f.field.starts_with("data") || f.field.starts_with("stringData")) {
            (field.before, field.after) = (None, None);
        }
    }
    fields
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
        assert_eq!(changes(&before, &after, &json!({"spec": {}})), []);
        assert_eq!(changes(&before, &after, &json!({"spec": {"replicas": 5}}))[0].field, "spec.replicas");
    }

    #[test]
    fn a_secret_tells_that_it_changes_and_not_how() {
        let secret = |value: &str| json!({"kind": "Secret", "data": {"password": value}});
        let hidden = Difference { field: "data.password".into(), before: None, after: None };
        assert_eq!(changes(&secret("b2xk"), &secret("bmV3"), &secret("bmV3")), [hidden]);
    }
}
