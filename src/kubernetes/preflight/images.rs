//! Whether registries have the images of services, and for processors that the nodes have.

use std::collections::BTreeSet;

use k8s_openapi::api::core::v1::Node;
use serde_json::Value;

use super::Finding;
use super::pods::{template, text};
use crate::kubernetes::object::Object;

/// What a registry says of an image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Known {
    pub service: String,
    pub reference: String,
    /// The processors that it is for, `amd64`; `None`: the registry has no such image.
    pub processors: Option<Vec<String>>,
}

/// What is missing, or runs on none of the nodes that its pods may run on.
pub(super) fn unfit(concerned: &[&Object], images: &[Known], nodes: &[Node]) -> Vec<Finding> {
    images.iter().filter_map(|image| one(concerned, image, nodes)).collect()
}

fn one(concerned: &[&Object], image: &Known, nodes: &[Node]) -> Option<Finding> {
    let Some(processors) = &image.processors else { return Some(missing(&image.service, &image.reference)) };
    let deployment = concerned.iter().find(|o| {
        let images = template(o).into_iter().flat_map(|t| super::pods::items(t, "/spec/containers"));
        o.kind == "Deployment" && images.filter_map(|c| text(c, "/image")).any(|i| i == image.reference)
    })?;
    let selector = deployment.value.pointer("/spec/template/spec/nodeSelector").and_then(Value::as_object);
    let open = nodes.iter().filter(|n| !n.spec.as_ref().and_then(|s| s.unschedulable).unwrap_or(false));
    let picked = open.filter(|n| {
        let labels = n.metadata.labels.clone().unwrap_or_default();
        selector.is_none_or(|s| s.iter().all(|(key, value)| labels.get(key).map(String::as_str) == value.as_str()))
    });
    let there = picked.filter_map(|n| Some(n.status.as_ref()?.node_info.as_ref()?.architecture.as_str()));
    let there: BTreeSet<&str> = there.collect();
    let fits = there.is_empty() || processors.is_empty() || processors.iter().any(|p| there.contains(p.as_str()));
    (!fits).then(|| {
        let nodes: Vec<&str> = there.iter().copied().collect();
        Finding::new(
            format!(
                "the image of service `{}` is for {}, and the nodes are {}",
                image.service,
                processors.join(", "),
                nodes.join(", ")
            ),
            format!("build it for them: `image: {{ platforms: [linux/{}] }}` in msvc.yaml", nodes.join(", linux/")),
        )
    })
}

/// An image that is not there.
#[must_use]
pub fn missing(service: &str, reference: &str) -> Finding {
    Finding::new(
        format!("the image of service `{service}` is not in its registry: there is no {reference}"),
        "`msvc build --push` or `msvc deploy --build` brings it there; `--image` deploys another",
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn told(processors: Option<&[&str]>, selector: &Value) -> Vec<Finding> {
        let deployment = json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "orders"},
            "spec": {"template": {"spec": {"nodeSelector": selector, "containers": [{"image": "r/orders:1"}]}}}});
        let deployment = Object::from_value(deployment, Some("orders")).unwrap();
        let node = |name: &str, processor: &str| -> Node {
            let info = json!({"architecture": processor, "bootID": "", "containerRuntimeVersion": "",
                "kernelVersion": "", "kubeProxyVersion": "", "kubeletVersion": "", "machineID": "",
                "operatingSystem": "linux", "osImage": "", "systemUUID": ""});
            serde_json::from_value(
                json!({"metadata": {"name": name, "labels": {"disk": name}}, "status": {"nodeInfo": info}}),
            )
            .unwrap()
        };
        let image = Known {
            service: "orders".into(),
            reference: "r/orders:1".into(),
            processors: processors.map(|p| p.iter().map(|p| (*p).to_owned()).collect()),
        };
        unfit(&[&deployment], &[image], &[node("fast", "amd64"), node("big", "arm64")])
    }

    #[test]
    fn an_image_must_fit_one_of_the_nodes_that_its_pods_may_run_on() {
        assert_eq!(told(Some(&["arm64"]), &json!({})), []);
        assert_eq!(told(Some(&[]), &json!({})), []);
        let found = told(Some(&["arm64", "riscv64"]), &json!({"disk": "fast"}));
        assert_eq!(found[0].what, "the image of service `orders` is for arm64, riscv64, and the nodes are amd64");
        assert_eq!(found[0].hint, "build it for them: `image: { platforms: [linux/amd64] }` in msvc.yaml");
    }

    #[test]
    fn an_image_that_is_not_there_is_told() {
        assert!(told(None, &json!({}))[0].what.contains("there is no r/orders:1"));
    }
}
