//! Lays an environment's settings over the base: maps merge, lists replace, `null` deletes.

use serde_json::{Map, Value};

/// `base` with `overlay` laid over it.
#[must_use]
pub fn merge(base: Value, overlay: Value) -> Value {
    match (base, overlay) {
        (Value::Object(base), Value::Object(overlay)) => Value::Object(merge_maps(base, overlay)),
        (_, overlay) => overlay,
    }
}

fn merge_maps(mut base: Map<String, Value>, overlay: Map<String, Value>) -> Map<String, Value> {
    // The two ways to size a deployment exclude each other, so naming one takes the other away.
    for (given, gone) in [("autoscale", "replicas"), ("replicas", "autoscale")] {
        if overlay.contains_key(given) && !overlay.contains_key(gone) {
            base.shift_remove(gone);
        }
    }
    for (key, value) in overlay {
        if value.is_null() {
            base.shift_remove(&key);
        } else {
            let merged = match base.shift_remove(&key) {
                Some(old) => merge(old, value),
                None => value,
            };
            base.insert(key, merged);
        }
    }
    base
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::merge;

    #[test]
    fn maps_merge_lists_replace_null_deletes() {
        let base = json!({"a": {"x": 1, "y": 2}, "list": [1, 2], "gone": true});
        let overlay = json!({"a": {"y": 3, "z": 4}, "list": [3], "gone": null});
        assert_eq!(merge(base, overlay), json!({"a": {"x": 1, "y": 3, "z": 4}, "list": [3]}));
    }

    #[test]
    fn replicas_and_autoscale_take_each_other_away() {
        let autoscaled = json!({"autoscale": {"min": 2, "max": 4}});
        assert_eq!(merge(autoscaled.clone(), json!({"replicas": 1})), json!({"replicas": 1}));
        assert_eq!(merge(json!({"replicas": 1}), autoscaled.clone()), autoscaled);
    }
}
