//! Verdicts of scenes: a Deployment of two pods at revision 2, with what each test changes in it.

mod pods;
mod scene;

use serde_json::json;

use super::{Problem, Verdict};
use scene::Scene;

fn text(verdict: &Verdict) -> &str {
    match verdict {
        Verdict::Waiting { text, .. } => text,
        other => panic!("{other:?}"),
    }
}

fn failed(verdict: Verdict) -> Problem {
    match verdict {
        Verdict::Failed(problem) => problem,
        other => panic!("{other:?}"),
    }
}

#[test]
fn done_is_when_all_that_is_wanted_is_new_and_available() {
    assert_eq!(Scene::new().judge(), Verdict::Done { pods: 2 });
}

#[test]
fn what_the_cluster_has_not_noticed_is_never_done() {
    let behind = Scene::new().status(&json!({"observedGeneration": 1}));
    assert_eq!(text(&behind.judge()), "the cluster to take notice");
    // The watch may still show the Deployment as it was before this deploy.
    let mut older = Scene::new();
    older.generation = 3;
    assert_eq!(text(&older.judge()), "the cluster to take notice");
}

#[test]
fn each_part_of_done_is_waited_for() {
    let cases = [
        (json!({"updatedReplicas": 1, "availableReplicas": 1, "replicas": 1}), "0 of 2 pods are ready"),
        (json!({"availableReplicas": 1}), "0 of 2 pods are ready"),
        (json!({"replicas": 3}), "1 old pod to end"),
        (json!({"replicas": 4, "availableReplicas": 4}), "2 old pods to end"),
    ];
    for (status, waits_for) in cases {
        assert_eq!(text(&Scene::new().status(&status).judge()), waits_for, "{status}");
    }
    let mut scaled = Scene::new();
    scaled.minimum = 3;
    assert_eq!(text(&scaled.judge()), "0 of 3 pods are ready");
}

#[test]
fn the_first_moment_has_no_pods_yet() {
    let mut scene = Scene::new();
    scene.sets.clear();
    assert_eq!(text(&scene.judge()), "its first pods to be made");
}

#[test]
fn refusals_of_quota_security_and_admission_are_told_apart() {
    let cases = [
        (
            "pods \"a\" is forbidden: exceeded quota: small, requested: pods=1, used: pods=2, limited: pods=2",
            "QuotaExceeded",
        ),
        ("pods \"a\" is forbidden: violates PodSecurity \"restricted:latest\": privileged", "PodSecurity"),
        ("admission webhook \"x.y\" denied the request: no", "AdmissionRefused"),
        ("ValidatingAdmissionPolicy 'x' with binding 'x' denied request: no", "AdmissionRefused"),
        ("pods \"a\" is forbidden: error looking up service account", "FailedCreate"),
    ];
    for (message, reason) in cases {
        let scene = Scene::new().status(&json!({"updatedReplicas": 0, "availableReplicas": 0}));
        let problem = failed(scene.clone().refusal(message, 1).judge());
        assert_eq!(problem.reason, reason);
        // The API tells whole seconds: one of the second in which the deploy began is of this deploy.
        assert_eq!(failed(scene.clone().refusal(message, 0).judge()).reason, reason);
        // From before this deploy, it may only not be cleared yet; later it is believed.
        let old = scene.clone().refusal(message, -60);
        assert!(matches!(old.judge(), Verdict::Waiting { .. }), "{message}");
        assert_eq!(failed(old.after(20).judge()).reason, reason);
    }
}

#[test]
fn a_rollout_that_the_cluster_gave_up_has_failed() {
    let stuck = |second: i64| {
        json!({"updatedReplicas": 1, "availableReplicas": 0, "conditions": [{
            "type": "Progressing", "status": "False", "reason": "ProgressDeadlineExceeded",
            "lastTransitionTime": Scene::at(second),
        }]})
    };
    assert_eq!(failed(Scene::new().status(&stuck(5)).judge()).reason, "ProgressDeadlineExceeded");
    assert!(matches!(Scene::new().status(&stuck(-500)).judge(), Verdict::Waiting { .. }));
}
