//! What applying an object changes in it, field by field: as a person would tell it, without the cluster's bookkeeping.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};

/// A field that changes.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Difference {
    /// Where: `spec.template.spec.containers[orders].image`. Entries of lists go by their name where they have one.
    pub field: String,
    /// What the cluster has; `null`: nothing.
    pub before: Option<Value>,
    /// What it will have; `null`: nothing.
    pub after: Option<Value>,
}

/// What tells the entries of Kubernetes' lists apart, the first that all of them have.
const NAMES: [&str; 5] = ["name", "mountPath", "containerPort", "port", "type"];

/// The fields in which the two differ, in the order of the second, then what only the first has.
#[must_use]
pub fn between(before: &Value, after: &Value) -> Vec<Difference> {
    let mut found = Vec::new();
    compare("", Some(before), Some(after), &mut found);
    found
}

fn compare(field: &str, before: Option<&Value>, after: Option<&Value>, found: &mut Vec<Difference>) {
    match (before, after) {
        (before, after) if before == after => {}
        (Some(Value::Object(old)), Some(Value::Object(new))) => {
            for key in keys(old, new) {
                compare(&below(field, key), old.get(key), new.get(key), found);
            }
        }
        (Some(Value::Array(old)), Some(Value::Array(new))) if let Some(name) = naming(old, new) => {
            let (old, new) = (named(old, name), named(new, name));
            for key in keys(&old, &new) {
                compare(&format!("{field}[{key}]"), old.get(key), new.get(key), found);
            }
        }
        (before, after) => {
            found.push(Difference { field: field.to_owned(), before: before.cloned(), after: after.cloned() });
        }
    }
}

fn keys<'a>(old: &'a Map<String, Value>, new: &'a Map<String, Value>) -> impl Iterator<Item = &'a String> {
    new.keys().chain(old.keys().filter(|key| !new.contains_key(*key)))
}

/// Keys with dots, as labels and file names have, stand in brackets.
fn below(field: &str, key: &str) -> String {
    match (field.is_empty(), key.contains(['.', '/'])) {
        (_, true) => format!("{field}[{key}]"),
        (true, false) => key.to_owned(),
        (false, false) => format!("{field}.{key}"),
    }
}

/// The key by which all entries of both lists can be told apart.
fn naming(old: &[Value], new: &[Value]) -> Option<&'static str> {
    let tells_apart = |list: &[Value], key: &str| named(list, key).len() == list.len();
    NAMES.into_iter().find(|key| tells_apart(old, key) && tells_apart(new, key))
}

fn named(list: &[Value], key: &str) -> Map<String, Value> {
    let name = |entry: &Value| match entry.get(key)? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    list.iter().filter_map(|entry| Some((name(entry)?, entry.clone()))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn told(before: &Value, after: &Value) -> Vec<String> {
        let text = |value: Option<Value>| value.map_or("nothing".to_owned(), |v| v.to_string());
        let told = |d: Difference| format!("{}: {} -> {}", d.field, text(d.before), text(d.after));
        between(before, after).into_iter().map(told).collect()
    }

    #[test]
    fn fields_are_told_one_by_one() {
        let before = json!({"spec": {"replicas": 2, "paused": true, "same": [1]}});
        let after = json!({"spec": {"replicas": 3, "same": [1], "minReadySeconds": 5}});
        assert_eq!(
            told(&before, &after),
            ["spec.replicas: 2 -> 3", "spec.minReadySeconds: nothing -> 5", "spec.paused: true -> nothing"]
        );
    }

    #[test]
    fn entries_of_lists_go_by_their_name() {
        let env = |pairs: &[(&str, &str)]| -> Value {
            let entries: Vec<Value> = pairs.iter().map(|(n, v)| json!({"name": n, "value": v})).collect();
            json!({"containers": [{"name": "orders", "env": entries}]})
        };
        let told = told(&env(&[("A", "1"), ("B", "2")]), &env(&[("C", "3"), ("A", "0")]));
        assert_eq!(
            told,
            [
                r#"containers[orders].env[C]: nothing -> {"name":"C","value":"3"}"#,
                r#"containers[orders].env[A].value: "1" -> "0""#,
                r#"containers[orders].env[B]: {"name":"B","value":"2"} -> nothing"#,
            ]
        );
    }

    #[test]
    fn other_lists_are_told_whole_and_keys_with_dots_in_brackets() {
        let before = json!({"args": ["a", "b"], "data": {"app.toml": "x"}});
        let after = json!({"args": ["a"], "data": {"app.toml": "y"}});
        assert_eq!(told(&before, &after), [r#"args: ["a","b"] -> ["a"]"#, r#"data[app.toml]: "x" -> "y""#]);
    }
}
