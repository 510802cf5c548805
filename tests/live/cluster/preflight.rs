//! What would keep a deploy from working is told before anything is changed, all of it at once.

use std::process::Command;

use serde_json::{Value, json};

use super::stage::Place;

/// The image of a machine that this cluster does not have: a manifest without layers.
fn image_for_other_nodes() -> String {
    let registry = "http://localhost:5000/v2/msvc-test/elsewhere";
    let config = json!({ "architecture": "riscv64", "os": "linux", "rootfs": { "type": "layers", "diff_ids": [] } });
    let (config, digest) = (config.to_string(), |bytes: &str| format!("sha256:{}", sha256(bytes)));
    let upload = ureq::post(format!("{registry}/blobs/uploads/")).send_empty().unwrap();
    let place = upload.headers()["location"].to_str().unwrap().to_owned();
    let place = if place.starts_with('/') { format!("http://localhost:5000{place}") } else { place };
    let mark = if place.contains('?') { '&' } else { '?' };
    ureq::put(format!("{place}{mark}digest={}", digest(&config))).send(config.as_bytes()).unwrap();
    let kind = "application/vnd.oci.image.manifest.v1+json";
    let manifest = json!({ "schemaVersion": 2, "mediaType": kind, "layers": [], "config": {
        "mediaType": "application/vnd.oci.image.config.v1+json", "digest": digest(&config), "size": config.len() } });
    let manifest = manifest.to_string();
    ureq::put(format!("{registry}/manifests/live")).header("content-type", kind).send(manifest.as_bytes()).unwrap();
    format!("localhost:5000/msvc-test/elsewhere@{}", digest(&manifest))
}

fn sha256(text: &str) -> String {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("text"), text).unwrap();
    let output = Command::new("sha256sum").arg(dir.path().join("text")).output().unwrap();
    String::from_utf8(output.stdout).unwrap()[..64].to_owned()
}

#[test]
#[cfg_attr(not(testbed), ignore = "needs TESTBED=1")]
fn all_that_is_wrong_is_told_at_once_and_nothing_is_changed() {
    let patches = "{ target: { kind: PodDisruptionBudget }, patch: { spec: { maxUnavailable: 0 } } }, \
                   { target: { kind: Service }, patch: { spec: { ports: [{ port: 80, targetPort: web }] } } }";
    let place = Place::new(&format!(
        "{{ replicas: 2, secrets: {{ API_KEY: {{ name: keys, key: api }}, OTHER: {{ name: keys, key: other }} }}, \
         patches: [{patches}], manifests: [extra.yaml] }}"
    ));
    place.write(
        "extra.yaml",
        "apiVersion: autoscaling/v2beta2\nkind: HorizontalPodAutoscaler\nmetadata: { name: mine }\n\
         spec: { scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: probe }, maxReplicas: 3 }\n",
    );
    place.kubectl(&["create", "namespace", &place.namespace]);
    place.kubectl(&["create", "secret", "generic", "keys", "--from-literal=other=1"]);
    place.kubectl(&["create", "quota", "small", "--hard=pods=9,requests.cpu=10m"]);
    let image = image_for_other_nodes();
    let output = place.msvc(&["deploy", "--image", &image]).run();
    assert_eq!(output.code, Some(1), "{output}");
    insta::assert_snapshot!("all_at_once", place.seen(&output));
    let nothing = place.msvc(&["deploy", "--image", "localhost:5000/msvc-test/never:1", "--dry-run"]).run();
    assert!(nothing.stderr.contains("there is no localhost:5000/msvc-test/never:1"), "{nothing}");
    assert_eq!(place.rest(), ["secret/keys"]);

    place.kubectl(&["delete", "quota", "small"]);
    // Mended, it runs: with the rights that are documented, and no others.
    place.says("{ replicas: 1 }");
    let kubeconfig = place.kubeconfig_of_deployer();
    place.deploying(&[]).env("KUBECONFIG", &kubeconfig).run().success();
    let again = place.deploying(&["--output", "json"]).env("KUBECONFIG", &kubeconfig).run().success();
    assert_eq!(serde_json::from_str::<Value>(&again.stdout).unwrap()["revision"], 1);
    let gone = place.msvc(&["delete", "--yes"]).env("KUBECONFIG", &kubeconfig).run().success();
    assert!(gone.stdout.contains("deleted Deployment/probe"), "{gone}");
}
