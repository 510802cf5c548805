//! A kustomization: what all environments have in `base`, and an overlay for each of them.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::{Files, json_patch, yaml};
use crate::error::Result;
use crate::kubernetes::files::{Form, plan};
use crate::kubernetes::object::Object;
use crate::kubernetes::render::Images;

/// The objects of one environment.
pub struct Environment {
    /// Its name: that of its overlay.
    pub name: String,
    /// The namespace that its objects go to.
    pub namespace: String,
    /// The image of each service.
    pub images: Images,
    /// What `render` makes for it.
    pub objects: Vec<Object>,
}

/// What tells an object from others in every environment.
type Key = (String, String, Option<String>, String);

/// The files. `kubectl kustomize overlays/NAME` prints the environment's objects.
///
/// # Errors
/// A value that YAML can't express.
pub fn files(environments: &[Environment]) -> Result<Files> {
    let plain: Vec<BTreeMap<Key, Object>> = environments.iter().map(movable).collect();
    let shared = |key: &Key| plain.iter().all(|objects| objects.contains_key(key));
    let base: Vec<Object> =
        plain.first().into_iter().flatten().filter(|(key, _)| shared(key)).map(|(_, o)| o.clone()).collect();
    let mut files = Files::new();
    let resources = place(&mut files, "base", &base)?;
    files.insert("base/kustomization.yaml".to_owned(), yaml(&kustomization(json!({ "resources": resources })))?);
    for (environment, objects) in environments.iter().zip(&plain) {
        let folder = format!("overlays/{}", environment.name);
        overlay(&mut files, &folder, environment, &base, objects)?;
    }
    Ok(files)
}

fn overlay(
    files: &mut Files,
    folder: &str,
    environment: &Environment,
    base: &[Object],
    objects: &BTreeMap<Key, Object>,
) -> Result<()> {
    let own: Vec<Object> =
        objects.iter().filter(|(key, _)| !base.iter().any(|o| self::key(o) == **key)).map(|(_, o)| o.clone()).collect();
    let mut resources = vec!["../../base".to_owned()];
    resources.extend(place(files, folder, &own)?);
    let mut patches = Vec::new();
    for old in base {
        let Some(new) = objects.get(&key(old)) else { continue };
        let operations = json_patch::between(&old.value, &new.value);
        if !operations.is_empty() {
            let name = format!("patch-{}-{}.yaml", old.kind.to_lowercase(), old.name.replace([':', '/'], "-"));
            files.insert(format!("{folder}/{name}"), yaml(&operations)?);
            patches.push(json!({ "path": name, "target": target(old) }));
        }
    }
    let mut fields = json!({ "resources": resources, "transformers": ["namespace.yaml"] });
    if !patches.is_empty() {
        fields["patches"] = patches.into();
    }
    let images: Vec<Value> = environment.images.0.iter().map(|(service, image)| named(service, image)).collect();
    fields["images"] = images.into();
    files.insert(format!("{folder}/namespace.yaml"), yaml(&namespace(&environment.namespace))?);
    files.insert(format!("{folder}/kustomization.yaml"), yaml(&kustomization(fields))?);
    Ok(())
}

/// The objects as they are wherever they go: without the environment's namespace, and with a name in place of the image.
fn movable(environment: &Environment) -> BTreeMap<Key, Object> {
    let each = environment.objects.iter().map(|object| {
        let mut object = object.clone();
        if object.namespace.as_deref() == Some(&environment.namespace) {
            object.namespace = None;
            if let Some(metadata) = object.value.get_mut("metadata").and_then(Value::as_object_mut) {
                metadata.shift_remove("namespace");
            }
        }
        for list in ["containers", "initContainers"] {
            let containers = object.value.pointer_mut(&format!("/spec/template/spec/{list}"));
            for container in containers.and_then(Value::as_array_mut).into_iter().flatten() {
                let image = container.get("image").and_then(Value::as_str);
                let service = environment.images.0.iter().find(|(_, of)| Some(of.as_str()) == image);
                if let Some((service, _)) = service {
                    container["image"] = stand_in(service).into();
                }
            }
        }
        (key(&object), object)
    });
    each.collect()
}

/// The name that stands for a service's image in the base, to be set by `kustomize edit set image`, too.
fn stand_in(service: &str) -> String {
    format!("{service}-image")
}

/// How an overlay names a service's image.
fn named(service: &str, image: &str) -> Value {
    let (rest, digest) = image.split_once('@').map_or((image, None), |(rest, digest)| (rest, Some(digest)));
    let (name, tag) = match rest.rsplit_once(':') {
        Some((name, tag)) if !tag.contains('/') => (name, Some(tag)),
        _ => (rest, None),
    };
    let mut entry = Map::new();
    entry.insert("name".to_owned(), stand_in(service).into());
    entry.insert("newName".to_owned(), name.into());
    entry.extend(tag.map(|tag| ("newTag".to_owned(), tag.into())));
    entry.extend(digest.map(|digest| ("digest".to_owned(), digest.into())));
    entry.into()
}

fn key(object: &Object) -> Key {
    (object.api_version.clone(), object.kind.clone(), object.namespace.clone(), object.name.clone())
}

/// Adds a file for each object, and returns their names.
fn place(files: &mut Files, folder: &str, objects: &[Object]) -> Result<Vec<String>> {
    let planned = plan(objects, Form::Yaml)?;
    let names = planned.keys().cloned().collect();
    files.extend(planned.into_iter().map(|(name, text)| (format!("{folder}/{name}"), text)));
    Ok(names)
}

fn kustomization(fields: Value) -> Value {
    let mut whole = json!({ "apiVersion": "kustomize.config.k8s.io/v1beta1", "kind": "Kustomization" });
    if let (Some(whole), Value::Object(fields)) = (whole.as_object_mut(), fields) {
        whole.extend(fields);
    }
    whole
}

fn target(object: &Object) -> Value {
    let id = object.id();
    let mut target = json!({ "version": id.version, "kind": id.kind, "name": id.name });
    if !id.group.is_empty() {
        target["group"] = id.group.into();
    }
    if let Some(namespace) = id.namespace {
        target["namespace"] = namespace.into();
    }
    target
}

/// Only what has no namespace gets one: objects of `manifests` may name another.
fn namespace(name: &str) -> Value {
    json!({
        "apiVersion": "builtin", "kind": "NamespaceTransformer",
        "metadata": { "name": "namespace", "namespace": name },
        "setRoleBindingSubjects": "none",
        "unsetOnly": true,
        "fieldSpecs": [{ "path": "metadata/namespace", "create": true }],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_fall_into_name_tag_and_digest() {
        let told = |image| named("orders", image).to_string();
        assert_eq!(
            told("localhost:5000/orders:v1@sha256:00"),
            r#"{"name":"orders-image","newName":"localhost:5000/orders","newTag":"v1","digest":"sha256:00"}"#
        );
        assert_eq!(told("localhost:5000/orders"), r#"{"name":"orders-image","newName":"localhost:5000/orders"}"#);
    }
}
