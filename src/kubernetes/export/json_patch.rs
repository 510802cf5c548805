//! The difference between two documents as a JSON patch (RFC 6902).

use serde_json::{Value, json};

/// The operations that turn `before` into `after`.
pub(super) fn between(before: &Value, after: &Value) -> Vec<Value> {
    let mut operations = Vec::new();
    walk("", before, after, &mut operations);
    operations
}

fn walk(path: &str, before: &Value, after: &Value, operations: &mut Vec<Value>) {
    match (before, after) {
        (Value::Object(old), Value::Object(new)) => {
            for (key, value) in old {
                let path = format!("{path}/{}", escaped(key));
                match new.get(key) {
                    Some(there) => walk(&path, value, there, operations),
                    None => operations.push(json!({ "op": "remove", "path": path })),
                }
            }
            for (key, value) in new.iter().filter(|(key, _)| !old.contains_key(*key)) {
                operations.push(json!({ "op": "add", "path": format!("{path}/{}", escaped(key)), "value": value }));
            }
        }
        // A list of another length is another list: which of its items went can't be known.
        (Value::Array(old), Value::Array(new)) if old.len() == new.len() => {
            for (at, (old, new)) in old.iter().zip(new).enumerate() {
                walk(&format!("{path}/{at}"), old, new, operations);
            }
        }
        (old, new) if old != new => operations.push(json!({ "op": "replace", "path": path, "value": new })),
        _ => {}
    }
}

fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_differs_is_an_operation() {
        let before = json!({"a": 1, "b": {"x/y": "1", "z": [1, {"p": 1}]}, "gone": true, "list": [1]});
        let after = json!({"a": 1, "b": {"x/y": "2", "z": [1, {"p": 2}]}, "new": {}, "list": [1, 2]});
        assert_eq!(
            between(&before, &after),
            [
                json!({"op": "replace", "path": "/b/x~1y", "value": "2"}),
                json!({"op": "replace", "path": "/b/z/1/p", "value": 2}),
                json!({"op": "remove", "path": "/gone"}),
                json!({"op": "replace", "path": "/list", "value": [1, 2]}),
                json!({"op": "add", "path": "/new", "value": {}}),
            ]
        );
        assert!(between(&before, &before).is_empty());
    }
}
