//! Whether objects fit each other: selectors pick pods, ports are those that pods have, and selectors that can't be
//! changed are not.

use k8s_openapi::api::apps::v1::Deployment;
use serde_json::{Map, Value};

use super::Finding;
use super::pods::{containers, is_ours, items, selects, template, text};
use crate::kubernetes::object::Object;

const PATCH: &str = "`patches` or `manifests` in msvc.yaml say so; `msvc render` shows the objects";

/// What does not fit.
pub(super) fn disagreements(objects: &[&Object], live: &[Deployment]) -> Vec<Finding> {
    let mut found = Vec::new();
    for object in objects {
        match object.kind.as_str() {
            "Service" => found.extend(of_service(object, objects)),
            "Deployment" => {
                found.extend(of_selector(object));
                found.extend(of_live_selector(object, live));
            }
            "Ingress" | "HTTPRoute" => found.extend(of_route(object, objects)),
            _ => {}
        }
        found.extend(of_probes(object));
    }
    found
}

/// A Service of ours picks pods, and each of its ports leads to one that they have. Those of `manifests` may pick pods
/// that come from elsewhere.
fn of_service(service: &Object, objects: &[&Object]) -> Vec<Finding> {
    let Some(selector) = service.value.pointer("/spec/selector").and_then(Value::as_object) else { return Vec::new() };
    let makers = objects.iter().filter(|o| o.namespace == service.namespace);
    let mut picked = makers.filter_map(|o| template(o)).filter(|t| selects(selector, t.pointer("/metadata/labels")));
    let Some(template) = picked.next() else {
        let what = format!("{} selects no pods: none has the labels {}", service.id(), shown(selector));
        return if is_ours(service) { vec![Finding::new(what, PATCH)] } else { Vec::new() };
    };
    let unknown = items(&service.value, "/spec/ports").filter_map(|port| {
        let target = port.get("targetPort").or_else(|| port.get("port"))?;
        // A number works without being declared, which in pods of ours it is.
        let sure = target.is_string() || is_ours(service);
        (sure && !has_port(template, target)).then(|| plain(target))
    });
    unknown
        .map(|port| Finding::new(format!("{} leads to port {port}, which its pods don't have", service.id()), PATCH))
        .collect()
}

/// Whether the pods have a port of that name; or of that number, where they name any.
fn has_port(template: &Value, wanted: &Value) -> bool {
    let mut ports = containers(template).flat_map(|c| items(c, "/ports")).peekable();
    let key = if wanted.is_string() { "name" } else { "containerPort" };
    (ports.peek().is_none() && wanted.is_number()) || ports.any(|port| port.get(key) == Some(wanted))
}

/// Probes name ports of their own container.
fn of_probes(object: &Object) -> Vec<Finding> {
    let Some(template) = template(object) else { return Vec::new() };
    let mut found = Vec::new();
    for container in containers(template) {
        for probe in ["startupProbe", "readinessProbe", "livenessProbe"] {
            let ports =
                ["httpGet", "tcpSocket"].iter().filter_map(|way| text(container, &format!("/{probe}/{way}/port")));
            let known = |name: &&str| items(container, "/ports").any(|p| text(p, "/name") == Some(*name));
            found.extend(ports.filter(|name| !known(name)).map(|name| {
                let what =
                    format!("the {probe} of {} asks port `{name}`, which its container does not have", object.id());
                Finding::new(what, PATCH)
            }));
        }
    }
    found
}

/// A Deployment counts only pods that it selects.
fn of_selector(object: &Object) -> Option<Finding> {
    let selector = object.value.pointer("/spec/selector/matchLabels")?.as_object()?;
    let fits = selects(selector, object.value.pointer("/spec/template/metadata/labels"));
    (!fits).then(|| Finding::new(format!("{} does not select the pods that it makes", object.id()), PATCH))
}

fn of_live_selector(object: &Object, live: &[Deployment]) -> Option<Finding> {
    let wanted = object.value.pointer("/spec/selector/matchLabels")?;
    let there = live.iter().find(|d| d.metadata.name.as_deref() == Some(&object.name))?;
    let there = serde_json::to_value(there.spec.as_ref()?.selector.match_labels.clone()?).ok()?;
    (there != *wanted).then(|| {
        let what = format!("{} is there with another selector, which can't be changed", object.id());
        let hint = format!("`kubectl delete deployment {}` lets it be made anew; its pods go with it", object.name);
        Finding::new(what, hint)
    })
}

/// What leads traffic to a Service of the project names a port that it has.
fn of_route(route: &Object, objects: &[&Object]) -> Vec<Finding> {
    let mut backends: Vec<(&str, &Value)> = Vec::new();
    for path in items(&route.value, "/spec/rules").flat_map(|rule| items(rule, "/http/paths")) {
        let port = path.pointer("/backend/service/port/number").or_else(|| path.pointer("/backend/service/port/name"));
        backends.extend(text(path, "/backend/service/name").zip(port));
    }
    for backend in items(&route.value, "/spec/rules").flat_map(|rule| items(rule, "/backendRefs")) {
        backends.extend(text(backend, "/name").zip(backend.get("port")));
    }
    let lacks = |(name, port): &(&str, &Value)| {
        let service = objects.iter().find(|o| o.kind == "Service" && o.name == *name && o.namespace == route.namespace);
        service.is_some_and(|s| {
            !items(&s.value, "/spec/ports").any(|p| [p.get("port"), p.get("name")].contains(&Some(port)))
        })
    };
    let told = |(name, port): (&str, &Value)| {
        Finding::new(
            format!("{} leads to port {} of Service/{name}, which has no such port", route.id(), plain(port)),
            PATCH,
        )
    };
    backends.into_iter().filter(lacks).map(told).collect()
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), |name| format!("`{name}`"))
}

fn shown(selector: &Map<String, Value>) -> String {
    let pairs: Vec<String> = selector.iter().map(|(k, v)| format!("{k}={}", v.as_str().unwrap_or_default())).collect();
    pairs.join(",")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn object(kind: &str, spec: &Value) -> Object {
        let labels = json!({"app.kubernetes.io/managed-by": "msvc"});
        let value =
            json!({"apiVersion": "v1", "kind": kind, "metadata": {"name": "orders", "labels": labels}, "spec": spec});
        Object::from_value(value, Some("orders")).unwrap()
    }

    fn deployment(port: &str) -> Object {
        object(
            "Deployment",
            &json!({
                "selector": {"matchLabels": {"app": "orders"}},
                "template": {
                    "metadata": {"labels": {"app": "orders", "tier": "api"}},
                    "spec": {"containers": [{"name": "orders", "ports": [{"name": port, "containerPort": 8080}],
                        "readinessProbe": {"httpGet": {"port": "http"}}}]},
                },
            }),
        )
    }

    fn service(label: &str, port: &Value) -> Object {
        object(
            "Service",
            &json!({"selector": {"app": label}, "ports": [{"name": "http", "port": 80, "targetPort": port}]}),
        )
    }

    fn told(objects: &[Object]) -> Vec<String> {
        disagreements(&objects.iter().collect::<Vec<_>>(), &[]).into_iter().map(|f| f.what).collect()
    }

    #[test]
    fn objects_that_fit_have_nothing_to_tell() {
        let backend =
            json!({"rules": [{"backendRefs": [{"name": "orders", "port": 80}, {"name": "elsewhere", "port": 1}]}]});
        let route = object("HTTPRoute", &backend);
        assert_eq!(told(&[deployment("http"), service("orders", &json!("http")), route]), Vec::<String>::new());
        assert_eq!(told(&[deployment("http"), service("orders", &json!(8080))]), Vec::<String>::new());
    }

    #[test]
    fn selectors_and_ports_that_do_not_fit_are_told() {
        assert_eq!(
            told(&[deployment("http"), service("order", &json!("http"))]),
            ["Service/orders selects no pods: none has the labels app=order"]
        );
        assert_eq!(
            told(&[deployment("web"), service("orders", &json!("http"))]),
            [
                "the readinessProbe of Deployment/orders asks port `http`, which its container does not have",
                "Service/orders leads to port `http`, which its pods don't have"
            ]
        );
        let paths = json!([{"backend": {"service": {"name": "orders", "port": {"number": 8080}}}}]);
        let route = object("Ingress", &json!({"rules": [{"http": {"paths": paths}}]}));
        assert_eq!(
            told(&[deployment("http"), service("orders", &json!("http")), route]),
            ["Ingress/orders leads to port 8080 of Service/orders, which has no such port"]
        );
    }

    #[test]
    fn a_selector_that_changed_is_told_before_the_server_refuses_it() {
        let live: Deployment = serde_json::from_value(json!({"metadata": {"name": "orders"}, "spec": {
                "selector": {"matchLabels": {"app": "old"}}, "template": {}}}))
        .unwrap();
        let found = disagreements(&[&deployment("http")], &[live]);
        assert_eq!(found[0].what, "Deployment/orders is there with another selector, which can't be changed");
    }
}
