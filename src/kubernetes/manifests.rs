//! `manifests` of msvc.yaml: the user's own objects, from YAML or JSON files beside the service.

use std::path::{Path, PathBuf};

use globset::GlobBuilder;
use serde_json::Value;

use super::Object;
use crate::error::{Context, Error, Result};
use crate::project::{ServiceSettings, yaml};

/// Kinds of Kubernetes' own that belong to no namespace.
const CLUSTER_WIDE: [&str; 19] = [
    "APIService",
    "CSIDriver",
    "CertificateSigningRequest",
    "ClusterRole",
    "ClusterRoleBinding",
    "CustomResourceDefinition",
    "DeviceClass",
    "GatewayClass",
    "IngressClass",
    "MutatingAdmissionPolicy",
    "MutatingWebhookConfiguration",
    "Namespace",
    "Node",
    "PersistentVolume",
    "PriorityClass",
    "RuntimeClass",
    "StorageClass",
    "ValidatingAdmissionPolicy",
    "ValidatingWebhookConfiguration",
];

/// The objects in the files that a service's `manifests` name, in the order of the file names. Objects that live
/// in a namespace and name none get `namespace`.
///
/// # Errors
/// A pattern that fits no file, or a document that is no object (exit code 2, with its place).
pub(super) fn read(service: &ServiceSettings, namespace: &str) -> Result<Vec<Object>> {
    let name = service.service.name.as_str();
    let mut objects = Vec::new();
    for file in files(service)? {
        let origin = file.strip_prefix(&service.dir).unwrap_or(&file).display().to_string();
        let text = std::fs::read_to_string(&file).invalid(|| format!("could not read {origin}"))?;
        for document in yaml::parse_documents::<Value>(&text, &origin)? {
            let place = format!("{origin}:{}:{}", document.referenced.line(), document.referenced.column());
            for value in items(document.value) {
                objects.push(Object::from_value(value, Some(name)).ok_or_else(|| not_an_object(&origin, &place))?);
            }
        }
    }
    let own_types = cluster_wide_types(&objects);
    for object in &mut objects {
        let wide = CLUSTER_WIDE.contains(&object.kind.as_str())
            || object.kind.ends_with("PolicyBinding")
            || own_types.contains(&object.kind);
        if object.namespace.is_none() && !wide {
            object.value["metadata"]["namespace"] = namespace.into();
            object.namespace = Some(namespace.to_owned());
        }
    }
    Ok(objects)
}

fn not_an_object(origin: &str, place: &str) -> Error {
    Error::invalid(format!("{origin} is not valid"))
        .cause(format!("{place}: a Kubernetes object has apiVersion, kind and metadata.name; one of them is missing"))
}

/// The objects of a document: itself, or what a `List` holds.
fn items(document: Value) -> Vec<Value> {
    match document {
        Value::Object(mut map) if map.get("kind").and_then(Value::as_str) == Some("List") => {
            match map.shift_remove("items") {
                Some(Value::Array(items)) => items,
                _ => Vec::new(),
            }
        }
        other => vec![other],
    }
}

/// Kinds that the files define themselves, for the whole cluster.
fn cluster_wide_types(objects: &[Object]) -> Vec<String> {
    let definitions = objects.iter().filter(|o| o.kind == "CustomResourceDefinition").map(|o| &o.value["spec"]);
    let wide = definitions.filter(|spec| spec["scope"] == "Cluster");
    wide.filter_map(|spec| spec["names"]["kind"].as_str().map(str::to_owned)).collect()
}

/// The files that the patterns name, each once.
fn files(service: &ServiceSettings) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for pattern in &service.deploy.manifests {
        let invalid = || format!("deploy.manifests of service `{}`: {pattern:?} is no pattern", service.service.name);
        let glob = GlobBuilder::new(pattern).literal_separator(true).build().invalid(invalid)?.compile_matcher();
        let mut matching = Vec::new();
        walk(&service.dir.join(literal_prefix(pattern)), &mut |file| {
            if glob.is_match(file.strip_prefix(&service.dir).unwrap_or(file)) {
                matching.push(file.to_owned());
            }
        });
        if matching.is_empty() {
            return Err(Error::invalid(format!(
                "deploy.manifests of service `{}` names no file",
                service.service.name
            ))
            .cause(format!("nothing in {} is like {pattern}", service.dir.display())));
        }
        found.extend(matching);
    }
    found.sort();
    found.dedup();
    Ok(found)
}

/// The folders of a pattern before its first wildcard, so that nothing else is walked.
fn literal_prefix(pattern: &str) -> PathBuf {
    let folders = Path::new(pattern).parent().unwrap_or(Path::new(""));
    let literal = |part: &std::path::Component| !part.as_os_str().to_string_lossy().contains(['*', '?', '[', '{']);
    folders.components().take_while(literal).collect()
}

fn walk(dir: &Path, visit: &mut dyn FnMut(&Path)) {
    for entry in std::fs::read_dir(dir).into_iter().flatten().flatten() {
        let path = entry.path();
        // Links to folders are not followed: they may lead back up.
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => walk(&path, visit),
            _ if path.is_file() => visit(&path),
            _ => {}
        }
    }
}
