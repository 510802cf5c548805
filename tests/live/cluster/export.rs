//! What `render` writes for kustomize and Helm, applied by them.

use std::process::Command;

use serde_json::json;

use super::stage::Place;
use crate::live::stage::output;
use crate::support::testbed_tool;

/// A project on the stage, and where it was rendered in this form.
fn exported(form: &str) -> (Place, String) {
    let place = Place::new("{ replicas: 1, expose: { host: probe.example.org } }");
    place.kubectl(&["create", "namespace", &place.namespace]);
    let digest = output("docker", &["inspect", "--format={{index .RepoDigests 0}}", place.image]);
    let digest = digest.trim().split_once('@').unwrap().1;
    let images = json!({ "images": [{ "service": "probe", "reference": place.image, "digest": digest }] });
    place.write("images.json", &images.to_string());
    place.msvc(&["render", "--images", "images.json", "--format", form, "--out", form]).run().success();
    let written = place.path().join(form).to_str().unwrap().to_owned();
    (place, written)
}

#[test]
#[cfg_attr(not(testbed), ignore = "needs TESTBED=1")]
fn kustomize_applies_what_deploy_would() {
    let (place, written) = exported("kustomize");
    place.kubectl(&["apply", "--server-side", "--kustomize", &format!("{written}/overlays/staging")]);
    assert_eq!(place.diff().success().stdout, "no differences: staging is as the project says\n");
}

#[test]
#[ignore = "needs Helm: just helm"]
fn helm_installs_and_upgrades_by_values() {
    let helm = testbed_tool("helm");
    let (place, chart) = exported("helm");
    let run = |args: &[&str]| {
        let all = [args, &["probe", &chart, "--kube-context", "testbed", "--namespace", &place.namespace, "--wait"]];
        let output = Command::new(&helm).args(all.concat()).output().unwrap();
        assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    };
    run(&["install"]);
    assert_eq!(place.ready_pods().len(), 1);
    let named_by_tag = format!("services.probe.image={}", place.image);
    let resources = r#"services.probe.resources={"requests":{"cpu":"60m"},"limits":{"memory":"64Mi"}}"#;
    run(&[
        "upgrade",
        "--set=services.probe.replicas=2,services.probe.host=other.example.org",
        "--set",
        &named_by_tag,
        "--set-json",
        resources,
    ]);
    assert_eq!(place.ready_pods().len(), 2);
    let container = "{.spec.template.spec.containers[0]";
    let shown = format!("--output=jsonpath={container}.image}} {container}.resources.requests.cpu}}");
    assert_eq!(place.kubectl(&["get", "deployment", "probe", &shown]), format!("{} 60m", place.image));
    let host = place.kubectl(&["get", "ingress", "probe", "--output=jsonpath={.spec.rules[0].host}"]);
    assert_eq!(host, "other.example.org");
}
