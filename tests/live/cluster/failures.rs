//! Rollouts that fail: each kind with its sentence, while the pods of before keep serving.

use std::os::unix::fs::PermissionsExt as _;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::stage::Place;
use crate::live::stage::{output, wait_for};
use crate::support::Output;

const GOOD: &str = "{ replicas: 1 }";

fn deployed() -> Place {
    let place = Place::new(GOOD);
    place.deploy(&[]).success();
    place
}

/// Deploys what fails; the pods that served before must still do so.
#[track_caller]
fn fails(place: &Place, deploy: &str, args: &[&str]) -> Output {
    let before = place.ready_pods();
    place.says(deploy);
    // What looks ahead would refuse some of it before.
    let output = place.deploy(&[args, &["--skip-preflight"]].concat());
    assert_eq!(output.code, Some(1), "{output}");
    assert_eq!(place.ready_pods(), before, "{output}");
    output
}

#[test]
#[cfg_attr(not(testbed), ignore = "needs TESTBED=1")]
fn what_can_not_get_better_is_told_within_seconds() {
    let place = deployed();
    let begun = Instant::now();
    let secret = fails(&place, "{ replicas: 1, secrets: { API_KEY: { name: keys, key: api } } }", &[]);
    insta::assert_snapshot!("secret_missing", place.seen(&secret));
    place.kubectl(&["create", "secret", "generic", "keys", "--from-literal=other=1"]);
    let key = fails(&place, "{ replicas: 1, secrets: { API_KEY: { name: keys, key: api } } }", &[]);
    assert!(key.stderr.contains("the Secret `keys` has no key `api`"), "{key}");
    // Mended, the same command succeeds, though nothing of the project has changed.
    place.kubectl(&["patch", "secret", "keys", "--patch", "stringData: { api: x }"]);
    place.deploy(&[]).success();
    place.says(GOOD);
    let image = format!("localhost:5000/msvc-test/probe@sha256:{}", "0".repeat(64));
    let missing = place.msvc(&["deploy", "--image", &image, "--skip-preflight"]).run();
    insta::assert_snapshot!("image_missing", place.seen(&missing));
    assert!(begun.elapsed() < Duration::from_secs(40), "{:?}", begun.elapsed());

    // What failed is told by `status` too, and the next good deploy heals it.
    let status = place.json(&["status"], "status");
    assert_eq!(status["services"][0]["state"], "failing");
    assert_eq!(status["services"][0]["problems"][0]["reason"], "ImageNotFound");
    assert_eq!(status["release"]["status"], "failed");
    place.deploy(&[]).success();

    // There is no way back to what has no image any more.
    let gone = place.msvc(&["rollback", "3"]).run();
    assert_eq!(gone.code, Some(1), "{gone}");
    assert!(gone.stderr.starts_with("error: can't go back to revision 3\ncause: the image of service `probe` is gone"));
    assert_eq!(place.json(&["status"], "status")["release"]["revision"], 4);
}

#[test]
#[cfg_attr(not(testbed), ignore = "needs TESTBED=1")]
fn crashes_come_with_exit_code_and_last_words() {
    let place = deployed();
    let crash = fails(&place, "{ replicas: 1, env: { CRASH: 7 } }", &[]);
    insta::assert_snapshot!("crash", place.seen(&crash));
    // The same again is tried again, and not judged by what happened before.
    let again = fails(&place, "{ replicas: 1, env: { CRASH: 7 } }", &["-v"]);
    assert!(again.stderr.contains("was stuck and is made anew"), "{again}");
    assert!(again.stderr.contains("exit code 7, again after 2 restarts"), "{again}");
    let memory = fails(&place, "{ replicas: 1, env: { EAT_MEMORY: 1 } }", &[]);
    assert!(memory.stderr.contains("it needs more memory than its limit of 128Mi"), "{memory}");
}

#[test]
#[cfg_attr(not(testbed), ignore = "needs TESTBED=1")]
fn not_ready_and_no_node_and_no_quota_are_told_apart() {
    let place = deployed();
    let unready = fails(&place, "{ replicas: 1, env: { NOT_READY: 1 } }", &[]);
    insta::assert_snapshot!("not_ready", place.seen(&unready));
    let node = fails(&place, "{ replicas: 1, resources: { requests: { cpu: 500 } } }", &["--timeout", "6s"]);
    assert!(node.stderr.contains("warning: probe: no node can take it"), "{node}");
    assert!(node.stderr.contains("failed: probe: no node can take it"), "{node}");
    place.says(GOOD);
    place.deploy(&[]).success();
    place.kubectl(&["create", "quota", "small", "--hard=pods=1"]);
    let quota = fails(&place, "{ replicas: 1, env: { GREETING: hi } }", &[]);
    assert!(quota.stderr.contains("the namespace's quota allows no more pods (small, requested: pods=1"), "{quota}");
}

/// A container of the probe's that is patched.
fn patched(env: &str, container: &str) -> String {
    format!(
        "{{ replicas: 1, env: {{ {env} }}, patches: [{{ target: {{ kind: Deployment }}, \
         patch: {{ spec: {{ template: {{ spec: {{ containers: [{{ name: probe, {container} }}] }} }} }} }} }}] }}"
    )
}

#[test]
#[cfg_attr(not(testbed), ignore = "needs TESTBED=1")]
fn what_hangs_falls_ill_or_may_not_be_pulled_is_told_apart() {
    let place = deployed();
    let hangs = fails(&place, &patched("HANG: 1", "startupProbe: { failureThreshold: 3 }"), &[]);
    insta::assert_snapshot!("hangs", place.seen(&hangs));
    let probe = "livenessProbe: { periodSeconds: 1, failureThreshold: 2 }";
    let ill = fails(&place, &patched("SICK: 1, NOT_READY: 1", probe), &[]);
    insta::assert_snapshot!("ill", place.seen(&ill));
    // Another registry, which wants to know who asks.
    place.says(GOOD);
    let image = format!("localhost:5001/msvc-test/probe@sha256:{}", "0".repeat(64));
    let refused = place.msvc(&["deploy", "--image", &image, "--skip-preflight"]).run();
    insta::assert_snapshot!("registry_refuses", place.seen(&refused));
}

#[test]
#[cfg_attr(not(testbed), ignore = "needs TESTBED=1")]
fn pods_that_are_evicted_meanwhile_are_replaced_and_told_of() {
    let place = deployed();
    place.says("{ replicas: 2, env: { LATE: 4 } }");
    let mut deploy = place.deploying(&[]).command();
    let deploy = deploy.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut new = Vec::new();
    wait_for("the first new pod", || {
        let pods: Value = serde_json::from_str(&place.kubectl(&["get", "pods", "--output", "json"])).unwrap();
        let is_new = |pod: &&Value| pod.pointer("/spec/nodeName").is_some() && !is_ready(pod);
        new = pods["items"].as_array().unwrap().iter().filter(is_new).cloned().collect();
        !new.is_empty()
    });
    let name = new[0]["metadata"]["name"].as_str().unwrap();
    // As a node does that runs out of memory.
    let status = json!({"status": {"phase": "Failed", "reason": "Evicted", "message": "The node was low on memory."}});
    place.kubectl(&["patch", "pod", name, "--subresource=status", "--patch", &status.to_string()]);
    let ended = deploy.wait_with_output().unwrap();
    let told = String::from_utf8(ended.stderr).unwrap();
    assert!(ended.status.success(), "{told}");
    assert!(told.contains("was evicted (The node was low on memory.); another takes its place"), "{told}");
    assert_eq!(place.ready_pods().len(), 2);
}

fn is_ready(pod: &Value) -> bool {
    let conditions = pod["status"]["conditions"].as_array().cloned().unwrap_or_default();
    conditions.iter().any(|c| c["type"] == "Ready" && c["status"] == "True")
}

/// A file that is no program, as an image.
fn image_that_can_not_run() -> &'static str {
    let dir = tempfile::tempdir().unwrap();
    let program = dir.path().join("probe");
    std::fs::write(&program, "not a program").unwrap();
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
    let dockerfile = "FROM scratch\nCOPY probe /probe\nENTRYPOINT [\"/probe\"]\n";
    std::fs::write(dir.path().join("Dockerfile"), dockerfile).unwrap();
    let name = "localhost:5000/msvc-test/odd:live";
    output("docker", &["build", "--quiet", "--tag", name, dir.path().to_str().unwrap()]);
    output("docker", &["push", "--quiet", name]);
    name
}

#[test]
#[cfg_attr(not(testbed), ignore = "needs TESTBED=1")]
fn what_cluster_and_image_refuse_is_told_apart() {
    let place = deployed();
    let odd = place.msvc(&["deploy", "--image", image_that_can_not_run()]).run();
    assert!(odd.stderr.contains("the image is built for another kind of processor than the node's"), "{odd}");
    let init = "{ name: prepare, image: IMAGE, env: [{ name: CRASH, value: \"3\" }] }".replace("IMAGE", place.image);
    let pod = |spec: &str| {
        format!(
            "{{ replicas: 1, patches: [{{ target: {{ kind: Deployment }}, patch: {{ spec: {{ template: {{ spec: {spec} }} }} }} }}] }}"
        )
    };
    let first = fails(&place, &pod(&format!("{{ initContainers: [{init}] }}")), &[]);
    assert!(first.stderr.contains("in its init container `prepare`, its process ends with exit code 3"), "{first}");

    let enforce = |level: &str| {
        let label = format!("pod-security.kubernetes.io/enforce={level}");
        place.kubectl(&["label", "namespace", &place.namespace, "--overwrite", &label]);
    };
    enforce("restricted");
    let secure = fails(&place, &pod("{ securityContext: { runAsNonRoot: false } }"), &[]);
    insta::assert_snapshot!("pod_security", place.seen(&secure));
    // Else what was refused would start as soon as it may.
    place.says(GOOD);
    place.deploy(&[]).success();
    enforce("baseline");
    let rule = Rule::new(&place);
    let refused = fails(&place, "{ replicas: 1, env: { GREETING: hi } }", &[]);
    assert!(refused.stderr.contains("the cluster's admission refuses the pods"), "{refused}");
    assert!(refused.stderr.contains("every pod says which team it is of"), "{refused}");
    drop(rule);
}

/// A rule of whoever runs the cluster, for one namespace.
struct Rule(String);

impl Rule {
    fn new(place: &Place) -> Self {
        let name = place.namespace.clone();
        let object = |kind: &str, spec: Value| {
            json!({"apiVersion": "admissionregistration.k8s.io/v1", "kind": kind,
                "metadata": {"name": name}, "spec": spec})
        };
        let pods = json!({"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE"], "resources": ["pods"]});
        let policy = json!({"matchConstraints": {"resourceRules": [pods]}, "validations": [
            {"expression": "has(object.metadata.labels.team)", "message": "every pod says which team it is of"}]});
        let here = json!({"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": name}}});
        let binding = json!({"policyName": name, "validationActions": ["Deny"], "matchResources": here});
        let list = json!({"apiVersion": "v1", "kind": "List", "items": [
            object("ValidatingAdmissionPolicy", policy), object("ValidatingAdmissionPolicyBinding", binding)]});
        place.write("rule.json", &list.to_string());
        // From now on it goes with this value, whatever becomes of the rest.
        let rule = Self(name);
        place.kubectl(&["apply", "--filename", place.path().join("rule.json").to_str().unwrap()]);
        // The server takes it in by and by.
        let pod = "--image=localhost:5000/msvc-test/none:1";
        wait_for("the rule", || {
            let tried = Command::new("kubectl")
                .args([
                    "--context",
                    "testbed",
                    "--namespace",
                    &place.namespace,
                    "run",
                    "tried",
                    pod,
                    "--dry-run=server",
                ])
                .output()
                .unwrap();
            String::from_utf8_lossy(&tried.stderr).contains("which team")
        });
        rule
    }
}

impl Drop for Rule {
    fn drop(&mut self) {
        let kinds = "validatingadmissionpolicy,validatingadmissionpolicybinding";
        let _ = Command::new("kubectl").args(["--context", "testbed", "delete", kinds, &self.0]).output();
    }
}

#[test]
#[cfg_attr(not(testbed), ignore = "needs TESTBED=1")]
fn a_failed_deploy_goes_back_when_asked_to() {
    let place = deployed();
    place.says("{ replicas: 1, secrets: { API_KEY: { name: keys, key: api } } }");
    let back = place.deploy(&["--rollback-on-failure", "--skip-preflight"]);
    insta::assert_snapshot!("went_back", place.seen(&back));
    assert_eq!(place.ready_pods().len(), 1);
    let status = place.json(&["status"], "status");
    assert_eq!(status["services"][0]["state"], "running", "{status:#}");
    let history = place.json(&["history"], "history");
    let told: Vec<String> =
        history["revisions"].as_array().unwrap().iter().map(|r| format!("{} {}", r["revision"], r["status"])).collect();
    assert_eq!(told, ["3 \"deployed\"", "2 \"failed\"", "1 \"deployed\""]);
}
