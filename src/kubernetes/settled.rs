//! Whether applying an object would change nothing, decided from the live object alone: the server notes in it which
//! fields each manager set. Where that can't be told for sure, the answer is no, and the server is asked.

use serde_json::{Map, Value};

use super::client::MANAGER;

/// Whether msvc owns exactly the fields that `desired` has, and they have the values that it wants. What msvc owns
/// nobody else changed since: whoever does, takes it over.
#[must_use]
pub fn is_settled(desired: &Value, live: &Value) -> bool {
    owned(desired, live).is_some_and(|fields| {
        let (Value::Object(desired), Value::Object(live)) = (desired, live) else { return false };
        same_map(desired, fields, live, Place::Object)
    })
}

/// The fields of the only entry by which msvc applied it, of the same version.
fn owned<'a>(desired: &Value, live: &'a Value) -> Option<&'a Map<String, Value>> {
    let entries = live.pointer("/metadata/managedFields")?.as_array()?;
    let mut ours = entries.iter().filter(|e| {
        e["manager"] == MANAGER && e["operation"] == "Apply" && e.get("subresource").is_none_or(|s| s == "")
    });
    let entry = ours.next().filter(|e| e["apiVersion"] == desired["apiVersion"])?;
    if ours.next().is_some() {
        return None;
    }
    entry.get("fieldsV1")?.as_object()
}

/// Where a map is: what says which object it is belongs to nobody.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    Object,
    Metadata,
    Below,
}

impl Place {
    fn is_identity(self, key: &str) -> bool {
        match self {
            Self::Object => matches!(key, "apiVersion" | "kind"),
            Self::Metadata => matches!(key, "name" | "namespace"),
            Self::Below => false,
        }
    }

    fn below(self, key: &str) -> Self {
        if self == Self::Object && key == "metadata" { Self::Metadata } else { Self::Below }
    }
}

fn same_map(desired: &Map<String, Value>, fields: &Map<String, Value>, live: &Map<String, Value>, at: Place) -> bool {
    let wanted: Vec<_> = desired.iter().filter(|(key, _)| !at.is_identity(key)).collect();
    wanted.len() == parts(fields)
        && wanted.into_iter().all(|(key, value)| {
            let field = fields.get(&format!("f:{key}")).and_then(Value::as_object);
            field.zip(live.get(key)).is_some_and(|(field, live)| same(value, field, live, at.below(key)))
        })
}

/// A value without fields of its own is owned as a whole.
fn same(desired: &Value, fields: &Map<String, Value>, live: &Value, at: Place) -> bool {
    match (desired, live) {
        (Value::Object(desired), Value::Object(live)) if parts(fields) > 0 => same_map(desired, fields, live, at),
        (Value::Array(desired), Value::Array(live)) if parts(fields) > 0 => same_list(desired, fields, live),
        _ => parts(fields) == 0 && !desired.is_null() && desired == live,
    }
}

/// A list whose elements have owners each. Applying keeps its order, so that counts as well.
fn same_list(desired: &[Value], fields: &Map<String, Value>, live: &[Value]) -> bool {
    let mut places = Vec::new();
    for (name, field) in fields.iter().filter(|(name, _)| *name != ".") {
        let (Some(here), Some(there)) = (place(desired, name, false), place(live, name, true)) else { return false };
        let same = match (&desired[here], &live[there], field) {
            (Value::Object(desired), Value::Object(live), Value::Object(field)) => {
                same_map(desired, field, live, Place::Below)
            }
            (desired, live, _) => desired == live,
        };
        if !same {
            return false;
        }
        places.push((here, there));
    }
    places.sort_unstable();
    places.len() == desired.len() && places.is_sorted_by(|a, b| a.0 < b.0 && a.1 < b.1)
}

/// Where the only element is that `k:{"name":"a"}` or `v:"a"` means. One that is desired, and so not `whole`, may leave
/// out what the server fills in.
fn place(list: &[Value], name: &str, whole: bool) -> Option<usize> {
    let (sort, text) = name.split_once(':')?;
    let value: Value = serde_json::from_str(text).ok()?;
    let meant = |element: &Value| match (sort, &value) {
        ("k", Value::Object(keys)) => {
            element.is_object() && keys.iter().all(|(key, value)| element.get(key).map_or(!whole, |has| has == value))
        }
        ("v", value) => element == value,
        _ => false,
    };
    let mut found = (0..list.len()).filter(|place| meant(&list[*place]));
    found.next().filter(|_| found.next().is_none())
}

/// How many fields or elements there are, the one that stands for the whole left out.
fn parts(fields: &Map<String, Value>) -> usize {
    fields.len() - usize::from(fields.contains_key("."))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn desired() -> Value {
        json!({
            "apiVersion": "apps/v1", "kind": "Deployment",
            "metadata": {"name": "orders", "namespace": "shop", "labels": {"app": "orders"}},
            "spec": {"selector": {"matchLabels": {"app": "orders"}}, "template": {"spec": {
                "containers": [{"name": "orders", "image": "a", "securityContext": {},
                    "ports": [{"containerPort": 8080, "name": "http"}, {"containerPort": 9090}]}],
                "volumes": [{"name": "tmp", "emptyDir": {}}]}}}
        })
    }

    /// As a server answers: defaults filled in, and who set what.
    fn live() -> Value {
        let port = |number: u16| format!(r#"k:{{"containerPort":{number},"protocol":"TCP"}}"#);
        let fields = json!({
            "f:metadata": {"f:labels": {"f:app": {}}},
            "f:spec": {"f:selector": {}, "f:template": {"f:spec": {
                "f:containers": {r#"k:{"name":"orders"}"#: {".": {}, "f:name": {}, "f:image": {}, "f:securityContext": {},
                    "f:ports": {
                        port(8080): {".": {}, "f:containerPort": {}, "f:name": {}},
                        port(9090): {".": {}, "f:containerPort": {}}}}},
                "f:volumes": {r#"k:{"name":"tmp"}"#: {".": {}, "f:name": {}, "f:emptyDir": {}}}}}}
        });
        json!({
            "apiVersion": "apps/v1", "kind": "Deployment",
            "metadata": {"name": "orders", "namespace": "shop", "uid": "1", "labels": {"app": "orders"},
                "annotations": {"deployment.kubernetes.io/revision": "1"},
                "managedFields": [
                    {"manager": "msvc", "operation": "Apply", "apiVersion": "apps/v1", "fieldsV1": fields},
                    {"manager": "kube-controller-manager", "operation": "Update", "apiVersion": "apps/v1",
                        "subresource": "status", "fieldsV1": {"f:status": {}}}]},
            "spec": {"replicas": 1, "selector": {"matchLabels": {"app": "orders"}}, "template": {"spec": {
                "containers": [{"name": "orders", "image": "a", "securityContext": {}, "imagePullPolicy": "Always",
                    "ports": [{"containerPort": 8080, "name": "http", "protocol": "TCP"},
                        {"containerPort": 9090, "protocol": "TCP"}]}],
                "volumes": [{"name": "tmp", "emptyDir": {}}]}}},
            "status": {"replicas": 1}
        })
    }

    fn with(mut value: Value, pointer: &str, new: Value) -> Value {
        *value.pointer_mut(pointer).unwrap() = new;
        value
    }

    #[test]
    fn what_the_server_filled_in_and_others_own_does_not_count() {
        assert!(is_settled(&desired(), &live()));
    }

    #[test]
    fn a_value_that_is_new_or_came_or_went_counts() {
        let container = "/spec/template/spec/containers/0";
        let port = |list: Value| with(desired(), &format!("{container}/ports"), list);
        for changed in [
            with(desired(), &format!("{container}/image"), json!("b")),
            with(desired(), &format!("{container}/image"), Value::Null),
            with(desired(), "/spec/selector", json!({"matchLabels": {}})),
            with(desired(), "/metadata/labels", json!({"app": "orders", "team": "a"})),
            with(desired(), "/metadata/labels", json!({})),
            with(desired(), "/apiVersion", json!("apps/v2")),
            // The server's default, now asked for: it is to be owned from now on.
            with(
                desired(),
                container,
                json!({"name": "orders", "image": "a", "securityContext": {},
                "imagePullPolicy": "Always", "ports": [{"containerPort": 8080, "name": "http"}, {"containerPort": 9090}]}),
            ),
            port(json!([{"containerPort": 8080, "name": "http"}])),
            port(json!([{"containerPort": 9090}, {"containerPort": 8080, "name": "http"}])),
            port(json!([{"containerPort": 8080, "name": "http"}, {"containerPort": 9091}])),
        ] {
            assert!(!is_settled(&changed, &live()), "{changed:#}");
        }
    }

    #[test]
    fn what_someone_took_over_is_not_settled() {
        let fields = "/metadata/managedFields/0/fieldsV1/f:spec/f:template/f:spec/f:containers/k:{\"name\":\"orders\"}";
        let taken = with(live(), fields, json!({".": {}, "f:name": {}}));
        assert!(!is_settled(&desired(), &taken));
        assert!(!is_settled(&desired(), &with(live(), "/metadata/managedFields", json!([]))));
        assert!(!is_settled(&desired(), &with(live(), "/spec/template/spec/containers/0/image", json!("b"))));
    }
}
