//! Secrets and ConfigMaps that pods can't start without, and the keys in them.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::Finding;
use super::facts::Facts;
use super::pods::{containers, items, template, text};
use crate::kubernetes::object::Object;
use crate::kubernetes::order;

/// Which of the two kinds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Secret,
    ConfigMap,
}

/// The keys of a Secret or ConfigMap in the cluster; `None`: it is not there.
pub(super) type Found = BTreeMap<(Kind, String), Option<BTreeSet<String>>>;

/// Something that a pod takes from a Secret or ConfigMap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wanted {
    pub kind: Kind,
    pub name: String,
    /// `None`: all of it.
    key: Option<String>,
    /// `probe takes API_KEY from it`.
    by: String,
}

impl Kind {
    const fn name(self) -> &'static str {
        match self {
            Self::Secret => "Secret",
            Self::ConfigMap => "ConfigMap",
        }
    }
}

/// What the objects' pods want of Secrets and ConfigMaps that neither the project nor, as far as can be told, an operator
/// makes.
pub(super) fn wanted(concerned: &[&Object], all: &[Object]) -> Vec<Wanted> {
    let made = |w: &Wanted| {
        let mut ours = all.iter().filter(|o| o.kind == w.kind.name() && o.name == w.name);
        let holds = |o: &Object, key: &str| {
            ["data", "stringData", "binaryData"].iter().any(|part| o.value[*part].get(key).is_some())
        };
        let here = ours.any(|o| w.key.as_ref().is_none_or(|key| holds(o, key)));
        here || left_to_others(w, all)
    };
    concerned.iter().flat_map(|o| of_object(o)).filter(|w| !made(w)).collect()
}

/// An object of a kind that Kubernetes does not know by itself names it: an operator makes it from that one.
fn left_to_others(wanted: &Wanted, all: &[Object]) -> bool {
    fn names(value: &Value, name: &str) -> bool {
        match value {
            Value::String(text) => text == name,
            Value::Array(items) => items.iter().any(|v| names(v, name)),
            Value::Object(map) => map.values().any(|v| names(v, name)),
            _ => false,
        }
    }
    all.iter().filter(|o| order::is_custom(&o.kind)).any(|o| names(&o.value, &wanted.name))
}

/// What is not there.
pub(super) fn missing(concerned: &[&Object], all: &[Object], facts: &Facts) -> Vec<Finding> {
    let mut found: Vec<Finding> = Vec::new();
    for one in wanted(concerned, all) {
        // Where this user may not look, the rollout will tell.
        let Some(there) = facts.references.get(&(one.kind, one.name.clone())) else { continue };
        let (kind, name, by) = (one.kind.name(), &one.name, &one.by);
        let what = match (there, &one.key) {
            (None, _) => format!("{kind} `{name}` does not exist, and {by}"),
            (Some(keys), Some(key)) if !keys.contains(key) => format!("{kind} `{name}` has no key `{key}`, and {by}"),
            _ => continue,
        };
        let hint = match one.kind {
            Kind::Secret => "`msvc secret list` shows what the project needs, `msvc secret set` makes it",
            Kind::ConfigMap => "a file of `deploy.manifests` can make it",
        };
        found.push(Finding::new(what, hint));
    }
    found
}

fn of_object(object: &Object) -> Vec<Wanted> {
    let Some(template) = template(object) else { return Vec::new() };
    let mut list = Vec::new();
    for container in containers(template) {
        list.extend(items(container, "/env").filter_map(|variable| of_variable(object, variable)));
        for source in items(container, "/envFrom") {
            let from = [(Kind::Secret, "/secretRef"), (Kind::ConfigMap, "/configMapRef")];
            list.extend(from.into_iter().flat_map(|(kind, at)| of_whole(object, kind, source.pointer(at), "name")));
        }
    }
    for volume in items(template, "/spec/volumes") {
        list.extend(of_whole(object, Kind::Secret, volume.get("secret"), "secretName"));
        list.extend(of_whole(object, Kind::ConfigMap, volume.get("configMap"), "name"));
        for source in items(volume, "/projected/sources") {
            list.extend(of_whole(object, Kind::Secret, source.get("secret"), "name"));
            list.extend(of_whole(object, Kind::ConfigMap, source.get("configMap"), "name"));
        }
    }
    list
}

fn of_variable(object: &Object, variable: &Value) -> Option<Wanted> {
    let from = variable.get("valueFrom")?;
    let secret = from.get("secretKeyRef").map(|r| (Kind::Secret, r));
    let (kind, reference) = secret.or_else(|| from.get("configMapKeyRef").map(|r| (Kind::ConfigMap, r)))?;
    if is_optional(reference) {
        return None;
    }
    Some(Wanted {
        kind,
        name: text(reference, "/name")?.to_owned(),
        key: Some(text(reference, "/key")?.to_owned()),
        by: format!("{} takes {} from it", object.name, text(variable, "/name")?),
    })
}

/// A reference to all of it, or to the keys under `items`.
fn of_whole(object: &Object, kind: Kind, reference: Option<&Value>, name: &str) -> Vec<Wanted> {
    let Some(reference) = reference.filter(|r| !is_optional(r)) else { return Vec::new() };
    let Some(name) = reference.get(name).and_then(Value::as_str) else { return Vec::new() };
    let by = format!("{} can't start without it", object.name);
    let of = |key: Option<&str>| Wanted { kind, name: name.to_owned(), key: key.map(str::to_owned), by: by.clone() };
    let keys: Vec<Wanted> =
        items(reference, "/items").filter_map(|i| text(i, "/key")).map(|key| of(Some(key))).collect();
    if keys.is_empty() { vec![of(None)] } else { keys }
}

fn is_optional(reference: &Value) -> bool {
    reference.get("optional").and_then(Value::as_bool).unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn object(value: Value) -> Object {
        Object::from_value(value, Some("orders")).unwrap()
    }

    fn deployment() -> Object {
        let reference = |kind: &str, name: &str, key: &str| json!({ kind: { "name": name, "key": key } });
        object(json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "orders"},
        "spec": {"template": {"spec": {
            "containers": [{"name": "orders",
                "env": [
                    {"name": "URL", "valueFrom": reference("secretKeyRef", "db", "url")},
                    {"name": "RATE", "valueFrom": reference("configMapKeyRef", "limits", "rate")},
                    {"name": "MAYBE", "valueFrom": {"secretKeyRef": {"name": "m", "key": "k", "optional": true}}},
                ],
                "envFrom": [{"configMapRef": {"name": "flags"}}]}],
            "volumes": [{"name": "t", "secret": {"secretName": "tls", "items": [{"key": "crt", "path": "crt"}]}}],
        }}}}))
    }

    fn told(facts: &[(Kind, &str, Option<&[&str]>)], more: Vec<Object>) -> Vec<String> {
        let keys = |keys: &[&str]| keys.iter().map(|k| (*k).to_owned()).collect();
        let references: Found =
            facts.iter().map(|(kind, name, there)| ((*kind, (*name).to_owned()), there.map(keys))).collect();
        let mut all = vec![deployment()];
        all.extend(more);
        let facts = Facts { references, ..Facts::default() };
        missing(&[&all[0]], &all, &facts).into_iter().map(|f| f.what).collect()
    }

    #[test]
    fn what_is_missing_is_told_with_who_wants_it() {
        let none = told(
            &[
                (Kind::Secret, "db", Some(&["user"])),
                (Kind::ConfigMap, "limits", None),
                (Kind::ConfigMap, "flags", None),
                (Kind::Secret, "tls", Some(&["crt"])),
            ],
            Vec::new(),
        );
        assert_eq!(
            none,
            [
                "Secret `db` has no key `url`, and orders takes URL from it",
                "ConfigMap `limits` does not exist, and orders takes RATE from it",
                "ConfigMap `flags` does not exist, and orders can't start without it",
            ]
        );
    }

    #[test]
    fn what_the_project_or_an_operator_makes_is_not_missed() {
        let none = [(Kind::Secret, "db", None), (Kind::ConfigMap, "limits", None), (Kind::ConfigMap, "flags", None)];
        let more = vec![
            object(
                json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "limits"}, "data": {"rate": "1"}}),
            ),
            object(json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "flags"}, "data": {"a": "b"}})),
            object(json!({"apiVersion": "external-secrets.io/v1", "kind": "ExternalSecret", "metadata": {"name": "x"},
                "spec": {"target": {"name": "db"}}})),
        ];
        assert_eq!(told(&none, more), Vec::<String>::new());
    }
}
