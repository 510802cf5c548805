//! A chart: the objects as templates, and as values what differs from one installation to the next: number of pods,
//! image, resources, host.

use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use super::{Files, yaml};
use crate::error::Result;
use crate::kubernetes::files::{Form, plan};
use crate::kubernetes::object::Object;
use crate::kubernetes::render::Images;

const VERSION_LABEL: &str = "app.kubernetes.io/version";

/// An expression that takes the place of a value.
struct Slot {
    /// What stands for it until the YAML is written.
    mark: String,
    /// What the template says.
    expression: Expression,
}

enum Expression {
    /// On the same line: a number, or quoted text.
    Inline(String),
    /// A map below its key.
    Block(String),
}

/// The values and the templates of a chart, as they come about.
#[derive(Default)]
struct Chart {
    services: Map<String, Value>,
    slots: Vec<Slot>,
}

/// The files. `helm template --namespace NAMESPACE NAME .` prints the objects.
///
/// # Errors
/// A value that YAML can't express.
pub fn files(project: &str, namespace: &str, images: &Images, objects: &[Object]) -> Result<Files> {
    let mut chart = Chart::default();
    let marked: Vec<Object> = objects.iter().map(|object| chart.marked(object, namespace, images)).collect();
    let mut files = Files::new();
    for (name, text) in plan(&marked, Form::Yaml)? {
        files.insert(format!("templates/{name}"), chart.template(&text));
    }
    let about = json!({
        "apiVersion": "v2", "name": project, "description": format!("{project}, as msvc renders it"),
        "type": "application", "version": "0.1.0",
    });
    files.insert("Chart.yaml".to_owned(), yaml(&about)?);
    files.insert("values.yaml".to_owned(), yaml(&json!({ "services": chart.services }))?);
    Ok(files)
}

impl Chart {
    /// The object with marks where values go.
    fn marked(&mut self, object: &Object, namespace: &str, images: &Images) -> Object {
        let mut object = object.clone();
        if object.namespace.as_deref() == Some(namespace) {
            let mark = self.slot(Expression::Inline("{{ .Release.Namespace }}".to_owned()));
            object.value["metadata"]["namespace"] = mark.into();
        }
        let Some(service) = object.service.clone() else { return object };
        let image = images.0.get(&service).cloned();
        match object.kind.as_str() {
            "Deployment" => self.of_deployment(&mut object.value, &service, image.as_deref()),
            "HorizontalPodAutoscaler" => {
                for (field, name) in [("minReplicas", "min"), ("maxReplicas", "max")] {
                    self.value(&mut object.value, &format!("/spec/{field}"), &service, &["autoscale", name]);
                }
            }
            "Ingress" => {
                self.host(&mut object.value, "/spec/rules/0/host", &service);
                self.host(&mut object.value, "/spec/tls/0/hosts/0", &service);
            }
            "HTTPRoute" => self.host(&mut object.value, "/spec/hostnames/0", &service),
            _ => {}
        }
        object
    }

    fn of_deployment(&mut self, deployment: &mut Value, service: &str, image: Option<&str>) {
        self.value(deployment, "/spec/replicas", service, &["replicas"]);
        let label = VERSION_LABEL.replace('/', "~1");
        for labels in ["/metadata/labels", "/spec/template/metadata/labels"] {
            self.value(deployment, &format!("{labels}/{label}"), service, &["version"]);
        }
        let containers = deployment.pointer("/spec/template/spec/containers").and_then(Value::as_array);
        let own = containers.and_then(|all| all.iter().position(|c| c["image"].as_str() == image && image.is_some()));
        if let Some(at) = own {
            let container = format!("/spec/template/spec/containers/{at}");
            self.value(deployment, &format!("{container}/image"), service, &["image"]);
            self.value(deployment, &format!("{container}/resources"), service, &["resources"]);
        }
    }

    /// Only the host that msvc.yaml names is a value: an Ingress of `manifests` may have several.
    fn host(&mut self, object: &mut Value, at: &str, service: &str) {
        let known = self.services.get(service).and_then(|s| s.get("host"));
        if known.is_none_or(|known| object.pointer(at) == Some(known)) {
            self.value(object, at, service, &["host"]);
        }
    }

    /// Makes what is at `at` a value of the service, called `path`.
    fn value(&mut self, object: &mut Value, at: &str, service: &str, path: &[&str]) {
        let Some(there) = object.pointer_mut(at) else { return };
        let mut place = self.services.entry(service).or_insert_with(|| json!({}));
        for key in path {
            place = &mut place[*key];
        }
        *place = there.clone();
        let expression = expression(there, service, path);
        *there = self.slot(expression).into();
    }

    fn slot(&mut self, expression: Expression) -> String {
        let mark = format!("msvc-slot-{:04}-", self.slots.len());
        self.slots.push(Slot { mark: mark.clone(), expression });
        mark
    }

    /// The YAML text with expressions in place of marks; braces of its own stay what they are.
    fn template(&self, text: &str) -> String {
        let mut template = String::new();
        for line in text.lines() {
            let found = line.split_once("msvc-slot-").and_then(|(before, after)| {
                let number: usize = after.get(..4)?.parse().ok()?;
                Some((before.trim_end_matches('"'), self.slots.get(number)?))
            });
            let _ = match found {
                None => writeln!(template, "{}", line.replace("{{", "{{ \"{{\" }}")),
                Some((before, Slot { expression: Expression::Inline(expression), mark })) => {
                    debug_assert!(line.contains(mark.as_str()), "{line}");
                    writeln!(template, "{before}{expression}")
                }
                Some((before, Slot { expression: Expression::Block(expression), .. })) => {
                    let indent = before.len() - before.trim_start_matches([' ', '-']).len() + 2;
                    writeln!(template, "{}\n{{{{- toYaml {expression} | nindent {indent} }}}}", before.trim_end())
                }
            };
        }
        template
    }
}

fn expression(value: &Value, service: &str, path: &[&str]) -> Expression {
    let simple = service.chars().all(|c| c.is_ascii_alphanumeric());
    let of =
        if simple { format!(".Values.services.{service}") } else { format!("(index .Values.services \"{service}\")") };
    let name = format!("{of}.{}", path.join("."));
    match value {
        Value::Object(_) => Expression::Block(name),
        Value::String(_) => Expression::Inline(format!("{{{{ {name} | quote }}}}")),
        _ => Expression::Inline(format!("{{{{ {name} }}}}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_between_installations_is_a_value_and_braces_stay() {
        let deployment = json!({"apiVersion": "apps/v1", "kind": "Deployment",
            "metadata": {"name": "order-items", "namespace": "shop"},
            "spec": {"replicas": 2, "template": {"spec": {"containers": [
                {"name": "x", "image": "r/x:1", "args": ["{{ no }}"],
                 "resources": {"limits": {"memory": "1Gi"}}}]}}}});
        let object = Object::from_value(deployment, Some("order-items")).unwrap();
        let images = Images([("order-items".to_owned(), "r/x:1".to_owned())].into());
        let files = files("shop", "shop", &images, &[object]).unwrap();
        let of = "(index .Values.services \"order-items\")";
        assert_eq!(
            files["templates/deployment-order-items.yaml"],
            format!(
                "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: order-items\n  \
                 namespace: {{{{ .Release.Namespace }}}}\nspec:\n  replicas: {{{{ {of}.replicas }}}}\n  template:\n    \
                 spec:\n      containers:\n      - name: x\n        image: {{{{ {of}.image | quote }}}}\n        \
                 args:\n        - \"{{{{ \"{{{{\" }}}} no }}}}\"\n        resources:\n\
                 {{{{- toYaml {of}.resources | nindent 10 }}}}\n"
            )
        );
        assert_eq!(
            files["values.yaml"],
            "services:\n  order-items:\n    replicas: 2\n    image: r/x:1\n    resources:\n      limits:\n        \
             memory: 1Gi\n"
        );
    }
}
