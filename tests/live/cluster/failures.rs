//! Rollouts that fail: each kind with its sentence, while the pods of before keep serving.

use std::time::{Duration, Instant};

use super::stage::Place;
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
