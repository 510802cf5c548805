//! What an image says about itself: its configuration and its manifest, as the Open Container Initiative specified them.
//! Both are made of sorted or listed things only, so that equal images have equal bytes.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::assembled::Assembled;
use super::layer::Layer;
use crate::image::plan::{Native, Plan};
use crate::registry::{Blob, Image};

const CONFIG: &str = "application/vnd.oci.image.config.v1+json";
const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
/// What a list of manifests is.
pub(super) const INDEX: &str = "application/vnd.oci.image.index.v1+json";
/// Who a service runs as where its base does not say: the `nonroot` of distroless.
const NONROOT: &str = "65532:65532";
/// As in the generated Dockerfile. Inside a container, localhost is the container itself; and a large block of memory goes
/// back to the system at once, of which glibc would keep one for each thread.
const ENV: [&str; 2] = ["HOST=0.0.0.0", "MALLOC_MMAP_THRESHOLD_=4194304"];
/// Health and metrics.
const MANAGEMENT_PORT: u16 = 9090;

/// An image without layers, for binaries that need nothing.
pub(super) fn scratch(architecture: &str) -> Image {
    let config = json!({
        "architecture": architecture, "os": "linux", "rootfs": { "type": "layers", "diff_ids": [] },
    });
    Image { layers: Vec::new(), config }
}

/// Where the service's binary lies in its image.
pub(super) fn path_of(plan: &Plan) -> String {
    format!("/usr/local/bin/{}", plan.service)
}

/// The configuration of the service's image: that of its base, with the service's own laid over it.
pub(super) fn configuration(plan: &Plan, native: &Native, base: &Image, layer: &Layer) -> (Blob, Vec<u8>) {
    let created = &plan.created;
    let mut image = base.config.clone();
    let mut run = image["config"].as_object().cloned().unwrap_or_default();
    for unwanted in ["Cmd", "Healthcheck", "OnBuild", "ArgsEscaped", "Image", "Hostname", "Domainname"] {
        run.shift_remove(unwanted);
    }
    if run.get("User").and_then(Value::as_str).is_none_or(|user| user.is_empty() || user == "root" || user == "0") {
        run.insert("User".to_owned(), json!(NONROOT));
    }
    let mut env = run.get("Env").and_then(Value::as_array).cloned().unwrap_or_default();
    env.extend(ENV.map(|variable| json!(variable)));
    let ports: BTreeMap<String, Value> =
        [native.port, MANAGEMENT_PORT].map(|port| (format!("{port}/tcp"), json!({}))).into();
    let mut labels: BTreeMap<String, Value> =
        run.get("Labels").and_then(Value::as_object).cloned().unwrap_or_default().into_iter().collect();
    labels.extend(plan.labels.iter().map(|(name, value)| (name.clone(), json!(value))));
    run.insert("Env".to_owned(), Value::Array(env));
    run.insert("Entrypoint".to_owned(), json!([path_of(plan)]));
    run.insert("ExposedPorts".to_owned(), json!(ports));
    run.insert("Labels".to_owned(), json!(labels));
    image["created"] = json!(created);
    image["config"] = Value::Object(run);
    push(&mut image["rootfs"]["diff_ids"], json!(layer.diff));
    push(&mut image["history"], json!({ "created": created, "created_by": "msvc build --builder native" }));
    let bytes = sorted(image).to_string().into_bytes();
    (Blob::of(CONFIG, &bytes), bytes)
}

/// The manifest of an image with these layers.
pub(super) fn manifest(config: &Blob, layers: &[Blob]) -> (Blob, Vec<u8>) {
    let manifest = json!({ "schemaVersion": 2, "mediaType": MANIFEST, "config": config, "layers": layers });
    let bytes = manifest.to_string().into_bytes();
    (Blob::of(MANIFEST, &bytes), bytes)
}

/// What has the name of an image: its manifest, or a list of one for each processor.
pub(super) fn top(images: &[Assembled<'_>]) -> (Blob, Vec<u8>) {
    if let [only] = images {
        return only.manifest.clone();
    }
    let each = images.iter().map(|image| {
        let mut told = json!(image.manifest.0);
        told["platform"] = json!({ "architecture": image.architecture, "os": "linux" });
        told
    });
    let index = json!({ "schemaVersion": 2, "mediaType": INDEX, "manifests": each.collect::<Vec<Value>>() });
    let bytes = index.to_string().into_bytes();
    (Blob::of(INDEX, &bytes), bytes)
}

/// The layers of a base, by the names that belong into a manifest of this kind.
pub(super) fn layers_of(base: &Image) -> Vec<Blob> {
    let renamed = |blob: &Blob| {
        let media_type = match blob.media_type.as_str() {
            "application/vnd.docker.image.rootfs.diff.tar.gzip" => "application/vnd.oci.image.layer.v1.tar+gzip",
            "application/vnd.docker.image.rootfs.diff.tar" => "application/vnd.oci.image.layer.v1.tar",
            other => other,
        };
        Blob { media_type: media_type.to_owned(), ..blob.clone() }
    };
    base.layers.iter().map(renamed).collect()
}

fn push(list: &mut Value, value: Value) {
    match list {
        Value::Array(list) => list.push(value),
        other => *other = Value::Array(vec![value]),
    }
}

/// The same with all keys in their order: a base may have been read in any.
fn sorted(value: Value) -> Value {
    match value {
        Value::Object(map) => {
            let map: BTreeMap<String, Value> = map.into_iter().map(|(key, value)| (key, sorted(value))).collect();
            Value::Object(Map::from_iter(map))
        }
        Value::Array(list) => Value::Array(list.into_iter().map(sorted).collect()),
        other => other,
    }
}
