//! Deploys that are killed, interrupted, or not alone.

use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use super::stage::Place;

fn start(place: &Place) -> Child {
    place.deploying(&[]).command().stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

fn signal(child: &Child, signal: Signal) {
    kill(Pid::from_raw(child.id().try_into().unwrap()), signal).unwrap();
}

#[test]
#[cfg_attr(not(testbed), ignore = "needs TESTBED=1")]
fn killed_at_any_moment_the_same_command_converges_and_leaves_no_orphans() {
    let place = Place::new("{ replicas: 1, manifests: [extra.yaml] }");
    for (round, milliseconds) in [120, 250, 400, 900].into_iter().enumerate() {
        place.write(
            "extra.yaml",
            &format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{ name: extra-{round} }}\ndata: {{ a: b }}\n"),
        );
        let mut child = start(&place);
        std::thread::sleep(Duration::from_millis(milliseconds));
        signal(&child, Signal::SIGKILL);
        child.wait().unwrap();
    }
    let begun = Instant::now();
    let converged = place.deploy(&[]).success();
    assert!(begun.elapsed() < Duration::from_secs(40), "the lease frees itself: {:?}", begun.elapsed());
    let rest = place.rest();
    let extras: Vec<&String> = rest.iter().filter(|name| name.contains("extra")).collect();
    assert_eq!(extras, ["configmap/extra-3"], "{converged}");
    place.msvc(&["delete", "--yes"]).run().success();
    assert_eq!(place.rest(), Vec::<String>::new());
}

#[test]
#[cfg_attr(not(testbed), ignore = "needs TESTBED=1")]
fn an_interrupted_deploy_gives_its_lease_back() {
    let place = Place::new("{ replicas: 1, env: { NOT_READY: 1 } }");
    let mut child = start(&place);
    std::thread::sleep(Duration::from_secs(3));
    signal(&child, Signal::SIGINT);
    assert_eq!(child.wait().unwrap().code(), Some(130));
    place.says("{ replicas: 1 }");
    let begun = Instant::now();
    let next = place.deploy(&[]).success();
    assert!(!next.stderr.contains("is deploying"), "{next}");
    assert!(begun.elapsed() < Duration::from_secs(12), "{:?}", begun.elapsed());
}

#[test]
#[cfg_attr(not(testbed), ignore = "needs TESTBED=1")]
fn two_deploys_at_once_come_one_after_the_other() {
    let place = Place::new("{ replicas: 1, env: { GREETING: one } }");
    let other = place.beside("{ replicas: 1, env: { GREETING: two } }");
    let children = [start(&place), start(&other)];
    let ended = children.map(|child| child.wait_with_output().unwrap());
    let told: Vec<String> = ended.iter().map(|o| String::from_utf8(o.stderr.clone()).unwrap()).collect();
    assert!(ended.iter().all(|o| o.status.success()), "{told:?}");
    assert_eq!(
        told.iter().filter(|text| text.contains("tester (admin) is deploying probe just now")).count(),
        1,
        "{told:?}"
    );
    let status = place.json(&["status"], "status");
    assert_eq!(status["release"]["revision"], 2);
    assert_eq!(status["services"][0]["state"], "running");
}
