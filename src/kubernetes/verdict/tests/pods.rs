//! What pods tell, each kind of failure with its sentence.

use serde_json::{Value, json};

use super::scene::Scene;
use super::{failed, text};
use crate::kubernetes::verdict::Verdict;

fn waits(reason: &str, message: &str) -> Value {
    json!({"state": {"waiting": {"reason": reason, "message": message}}})
}

/// A container that ended with this code and reason, after so many restarts, and waits for the next.
fn crashed(code: i32, reason: &str, restarts: i32) -> Value {
    json!({
        "restartCount": restarts,
        "state": {"waiting": {"reason": "CrashLoopBackOff", "message": "back-off"}},
        "lastState": {"terminated": {"exitCode": code, "reason": reason}},
    })
}

fn running(started: bool, since: i64) -> Value {
    json!({"started": started, "state": {"running": {"startedAt": Scene::at(since)}}})
}

#[test]
fn what_can_not_get_better_fails_at_once() {
    let no_entry = json!({"state": {"terminated": {"exitCode": 128, "reason": "StartError",
        "message": "exec: \"/nope\": stat /nope: no such file or directory"}}});
    let other_processor = json!({"state": {"terminated": {"exitCode": 128, "reason": "StartError",
        "message": "exec /probe: exec format error"}}});
    let cases = [
        (waits("InvalidImageName", ""), "InvalidImageName", "`localhost:5000/orders:1` is not the name of an image"),
        (
            waits("ErrImagePull", "failed to resolve reference: localhost:5000/orders:1: not found"),
            "ImageNotFound",
            "the image localhost:5000/orders:1 is not in its registry",
        ),
        (
            waits("ErrImagePull", "pull access denied, authorization failed: no basic auth credentials"),
            "ImagePullUnauthorized",
            "the registry does not let the cluster pull localhost:5000/orders:1",
        ),
        (
            waits("CreateContainerConfigError", "secret \"keys\" not found"),
            "SecretMissing",
            "the Secret `keys` does not exist",
        ),
        (
            waits("CreateContainerConfigError", "configmap \"more\" not found"),
            "ConfigMapMissing",
            "the ConfigMap `more` does not exist",
        ),
        (
            waits("CreateContainerConfigError", "couldn't find key api in Secret shop/keys"),
            "KeyMissing",
            "the Secret `keys` has no key `api`",
        ),
        (
            waits("CreateContainerConfigError", "container has runAsNonRoot and image will run as root"),
            "CreateContainerConfigError",
            "its container can't be configured: container has runAsNonRoot and image will run as root",
        ),
        (other_processor, "ExecFormatError", "the image is built for another kind of processor than the node's"),
        (no_entry, "StartError", "the program of image i can't be started (no such file or directory)"),
    ];
    for (container, reason, message) in cases {
        let problem = failed(Scene::new().starting().pod("new", &container).judge());
        assert_eq!((problem.reason.as_str(), problem.message.as_str()), (reason, message));
        assert_eq!(problem.place.unwrap().pod, "new-0");
    }
}

#[test]
fn crashes_fail_when_their_budget_is_spent() {
    let cases = [
        (
            crashed(101, "Error", 2),
            "CrashLoopBackOff",
            "its process ends with exit code 101 (a panic), again after 2 restarts",
        ),
        (
            crashed(0, "Completed", 2),
            "Completed",
            "its process ends by itself with exit code 0, again after 2 restarts",
        ),
        (
            crashed(137, "OOMKilled", 2),
            "OOMKilled",
            "it needs more memory than its limit of 64Mi and was killed, again after 2 restarts",
        ),
    ];
    for (container, reason, message) in cases {
        let scene = Scene::new().starting().pod("new", &container);
        let problem = failed(scene.judge());
        assert_eq!((problem.reason.as_str(), problem.message.as_str()), (reason, message));
        assert!(problem.place.unwrap().restarted);
    }
    let once = Scene::new().starting().pod("new", &crashed(101, "Error", 1)).judge();
    assert_eq!(text(&once), "its process ends with exit code 101 (a panic), again after a restart");
}

#[test]
fn a_pull_that_may_pass_is_given_time() {
    let pull = waits("ErrImagePull", "failed to do request: dial tcp: i/o timeout");
    let scene = Scene::new().starting().pod("new", &pull);
    assert!(matches!(scene.judge(), Verdict::Waiting { problem: Some(_), .. }));
    assert_eq!(failed(scene.after(60).judge()).reason, "ImagePullFailed");
}

#[test]
fn while_backing_off_the_events_say_why_a_pull_fails() {
    let scene = Scene::new().starting().pod("new", &waits("ImagePullBackOff", "Back-off pulling image"));
    let told = scene.event("Failed", "Failed to pull image \"x\": rpc error: manifest unknown", (2, 2));
    assert_eq!(failed(told.judge()).reason, "ImageNotFound");
}

#[test]
fn not_ready_fails_after_the_probe_and_patience_are_spent() {
    let message = "Readiness probe failed: HTTP probe failed with statuscode: 503";
    let scene = Scene::new().starting().pod("new", &running(true, 2)).event("Unhealthy", message, (5, 34));
    assert_eq!(
        text(&scene.clone().after(34).judge()),
        "0 of 2 pods are ready, waiting for readiness: its readiness probe (GET /readyz on port 9090) fails: \
         HTTP probe failed with statuscode: 503"
    );
    let problem = failed(scene.clone().after(36).judge());
    assert_eq!(
        problem.message,
        "it runs, but does not become ready: its readiness probe (GET /readyz on port 9090) fails: \
         HTTP probe failed with statuscode: 503"
    );
    // While the database is not up, that is no fault of the service.
    assert!(matches!(scene.after(300).backing_down().judge(), Verdict::Waiting { .. }));
}

#[test]
fn a_probe_that_had_the_container_killed_is_the_reason() {
    let killed = json!({"restartCount": 1, "started": false, "state": {"running": {"startedAt": Scene::at(50)}},
        "lastState": {"terminated": {"exitCode": 137, "reason": "Error"}}});
    let scene = Scene::new()
        .starting()
        .pod("new", &killed)
        .event("Unhealthy", "Startup probe failed: Get \"http://10.0.0.1:9090/livez\": connection refused", (2, 48))
        .event("Killing", "Container orders failed startup probe, will be restarted", (49, 49));
    let problem = failed(scene.after(51).judge());
    assert_eq!(problem.reason, "StartupProbeFailed");
    let message = "it does not start up: its startup probe (GET /livez on port 9090) fails: connection refused";
    assert_eq!(problem.message, message);
}

#[test]
fn a_start_that_takes_long_is_waited_for_with_what_its_probe_met() {
    let refused = "Startup probe failed: Get \"http://10.0.0.1:9090/livez\": connection refused";
    let scene = Scene::new().starting().pod("new", &running(false, 2)).event("Unhealthy", refused, (3, 20));
    assert_eq!(
        text(&scene.after(20).judge()),
        "0 of 2 pods are ready, starting up: its startup probe (GET /livez on port 9090) fails: connection refused"
    );
}

#[test]
fn without_a_node_it_waits_and_warns() {
    let condition = json!({"type": "PodScheduled", "status": "False", "reason": "Unschedulable",
        "message": "0/3 nodes are available: 3 Insufficient cpu. preemption: 0/3 nodes are available."});
    let scene = Scene::new().starting().pod("new", &json!({}));
    let scene = scene.pod_status(&json!({"containerStatuses": [], "conditions": [condition]}));
    let told = "no node can take it: 0/3 nodes are available: 3 Insufficient cpu";
    assert_eq!(text(&scene.after(500).judge()), told);
}

#[test]
fn a_secret_volume_that_is_missing_is_told_by_its_event() {
    let scene = Scene::new().starting().pod("new", &waits("ContainerCreating", ""));
    let message = "MountVolume.SetUp failed for volume \"keys\" : secret \"keys\" not found";
    assert_eq!(failed(scene.event("FailedMount", message, (3, 9)).judge()).reason, "SecretMissing");
}

#[test]
fn only_pods_of_the_newest_replica_set_count() {
    let scene = Scene::new().starting().pod("old", &crashed(101, "Error", 9)).pod("new", &running(false, 5));
    assert_eq!(text(&scene.judge()), "0 of 2 pods are ready, starting up");
}

#[test]
fn pods_that_were_evicted_or_run_well_again_are_no_problem() {
    let evicted =
        Scene::new().starting().pod("new", &crashed(137, "Error", 9)).pod_status(&json!({"reason": "Evicted"}));
    assert!(matches!(evicted.judge(), Verdict::Waiting { problem: None, .. }));
    let mut recovered = crashed(1, "Error", 9);
    recovered["ready"] = json!(true);
    recovered["state"] = json!({"running": {"startedAt": Scene::at(2)}});
    assert_eq!(Scene::new().pod("new", &recovered).judge(), Verdict::Done { pods: 2 });
}

#[test]
fn equal_problems_are_told_once_with_how_many_have_them() {
    let ready = json!({"ready": true, "state": {"running": {}}});
    let crash = crashed(101, "Error", 2);
    let scene = Scene::new().starting().pod("new", &ready).pod("new", &crash).pod("new", &crash);
    let problem = failed(scene.judge());
    assert_eq!(
        problem.sentence(),
        "2 of 3 pods: its process ends with exit code 101 (a panic), again after 2 restarts"
    );
}
