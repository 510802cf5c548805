//! Strategic merge: maps merge, `null` deletes, lists of named things merge by name, other lists are replaced.
//!
//! `$patch: delete` takes a map or an item of a list away, `$patch: replace` puts the patch in its place. Which
//! lists merge, and by which key, is part of Kubernetes' API definition (`patchMergeKey`).

use serde_json::{Map, Value};

use super::directive;

/// List fields that merge, with the keys that tell their items apart. `ports` are containers' or services'.
const MERGE_KEYS: [(&str, &[&str]); 15] = [
    ("containers", &["name"]),
    ("initContainers", &["name"]),
    ("ephemeralContainers", &["name"]),
    ("volumes", &["name"]),
    ("volumeMounts", &["mountPath"]),
    ("volumeDevices", &["devicePath"]),
    ("env", &["name"]),
    ("ports", &["containerPort", "port"]),
    ("imagePullSecrets", &["name"]),
    ("secrets", &["name"]),
    ("hostAliases", &["ip"]),
    ("topologySpreadConstraints", &["topologyKey"]),
    ("resourceClaims", &["name"]),
    ("schedulingGates", &["name"]),
    ("ownerReferences", &["uid"]),
];

/// Lays `patch` over `target`.
///
/// # Errors
/// A directive that is not known, or an item of a merging list without its key.
pub fn merge(target: &mut Value, patch: &Value) -> Result<(), String> {
    match (target, patch) {
        (Value::Object(target), Value::Object(patch)) => merge_maps(target, patch),
        (target, patch) => {
            *target = cleaned(patch)?;
            Ok(())
        }
    }
}

fn merge_maps(target: &mut Map<String, Value>, patch: &Map<String, Value>) -> Result<(), String> {
    for (key, value) in patch {
        if key == "$patch" {
            continue;
        }
        if key.starts_with('$') {
            return Err(format!("the directive `{key}` is not supported; `$patch: delete` and `$patch: replace` are"));
        }
        match (target.get_mut(key), value, directive(value)) {
            (_, Value::Null, _) | (_, _, Some("delete")) => drop(target.shift_remove(key)),
            (_, _, Some("replace")) | (None, _, None | Some("merge")) => {
                target.insert(key.clone(), cleaned(value)?);
            }
            (_, _, Some(other)) if other != "merge" => return Err(unknown_directive(other)),
            (Some(Value::Array(old)), Value::Array(new), _) => merge_lists(old, new, key)?,
            (Some(old), new, _) => merge(old, new)?,
            (None, _, Some(_)) => {}
        }
    }
    Ok(())
}

fn merge_lists(target: &mut Vec<Value>, patch: &[Value], field: &str) -> Result<(), String> {
    let replaces =
        patch.iter().any(|item| directive(item) == Some("replace") && item.as_object().map(Map::len) == Some(1));
    let Some(key) = merge_key(field, target, patch).filter(|_| !replaces) else {
        let kept = patch.iter().filter(|item| directive(item).is_none());
        *target = kept.map(cleaned).collect::<Result<_, _>>()?;
        return Ok(());
    };
    for item in patch {
        let Some(id) = item.get(key) else { return Err(format!("an item of `{field}` lacks `{key}`: {item}")) };
        let at = target.iter().position(|old| old.get(key) == Some(id));
        match (at, directive(item)) {
            (Some(at), Some("delete")) => drop(target.remove(at)),
            (None, Some("delete")) => return Err(format!("`{field}` has no item with {key} {id} to delete")),
            (Some(at), Some("replace")) => target[at] = cleaned(item)?,
            (Some(at), None | Some("merge")) => merge(&mut target[at], item)?,
            (None, None | Some("merge" | "replace")) => target.push(cleaned(item)?),
            (_, Some(other)) => return Err(unknown_directive(other)),
        }
    }
    Ok(())
}

/// The key by which a list merges; `None`: it is replaced.
fn merge_key(field: &str, target: &[Value], patch: &[Value]) -> Option<&'static str> {
    let (_, keys) = MERGE_KEYS.iter().find(|(name, _)| *name == field)?;
    keys.iter().copied().find(|key| target.iter().chain(patch).any(|item| item.get(key).is_some()))
}

/// The patch's value as it stands where nothing was: without directives and deletions.
fn cleaned(value: &Value) -> Result<Value, String> {
    Ok(match value {
        Value::Object(map) => {
            let mut fresh = Map::new();
            merge_maps(&mut fresh, map)?;
            Value::Object(fresh)
        }
        Value::Array(items) => Value::Array(items.iter().map(cleaned).collect::<Result<_, _>>()?),
        other => other.clone(),
    })
}

fn unknown_directive(name: &str) -> String {
    format!("`$patch: {name}` is not known; there are merge, replace and delete")
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::merge;

    fn merged(mut target: Value, patch: &Value) -> Value {
        merge(&mut target, patch).unwrap();
        target
    }

    #[test]
    fn maps_merge_and_null_deletes() {
        let target = json!({"spec": {"a": 1, "b": {"c": 2, "d": 3}}});
        let patch = json!({"spec": {"a": null, "b": {"d": 4}, "e": {"f": null, "g": 5}}});
        assert_eq!(merged(target, &patch), json!({"spec": {"b": {"c": 2, "d": 4}, "e": {"g": 5}}}));
    }

    #[test]
    fn lists_of_named_things_merge_by_their_key() {
        let target = json!({"containers": [{"name": "a", "image": "x", "env": [{"name": "K", "value": "1"}],
            "ports": [{"containerPort": 80, "name": "http"}]}]});
        let patch = json!({"containers": [
            {"name": "a", "env": [{"name": "L", "value": "2"}, {"name": "K", "value": "3"}],
             "ports": [{"containerPort": 80, "hostPort": 8080}]},
            {"name": "b", "image": "y"}]});
        assert_eq!(
            merged(target, &patch),
            json!({"containers": [
                {"name": "a", "image": "x", "env": [{"name": "K", "value": "3"}, {"name": "L", "value": "2"}],
                 "ports": [{"containerPort": 80, "name": "http", "hostPort": 8080}]},
                {"name": "b", "image": "y"}]})
        );
    }

    #[test]
    fn other_lists_are_replaced() {
        let target = json!({"args": ["a", "b"], "tolerations": [{"key": "x"}], "egress": [{"ports": [{"port": 53}]}]});
        let patch = json!({"args": ["c"], "tolerations": [{"key": "y"}], "egress": [{"to": []}]});
        assert_eq!(merged(target, &patch), patch);
    }

    #[test]
    fn directives_delete_and_replace() {
        let target = json!({"volumes": [{"name": "a", "emptyDir": {}}, {"name": "b"}], "m": {"k": 1}, "n": {"k": 1},
            "env": [{"name": "x"}]});
        let patch = json!({
            "volumes": [{"name": "b", "$patch": "delete"}, {"name": "a", "$patch": "replace", "secret": {}}],
            "m": {"$patch": "delete"},
            "n": {"$patch": "replace", "l": 2},
            "env": [{"$patch": "replace"}, {"name": "y"}]
        });
        assert_eq!(
            merged(target, &patch),
            json!({"volumes": [{"name": "a", "secret": {}}], "n": {"l": 2}, "env": [{"name": "y"}]})
        );
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        let target = json!({"containers": [{"name": "a"}]});
        for (patch, why) in [
            (json!({"containers": [{"image": "x"}]}), "lacks `name`"),
            (json!({"containers": [{"name": "b", "$patch": "delete"}]}), "no item"),
            (json!({"containers": [{"name": "a", "$patch": "drop"}]}), "not known"),
            (json!({"$setElementOrder/containers": []}), "not supported"),
        ] {
            let told = merge(&mut target.clone(), &patch).unwrap_err();
            assert!(told.contains(why), "{told}");
        }
    }
}
