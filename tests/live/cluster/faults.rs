//! Deploys that are killed, interrupted, or not alone.

use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use super::stage::Place;

pub fn start(place: &Place) -> Child {
    place.deploying(&[]).command().stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

fn signal(child: &Child, signal: Signal) {
    kill(Pid::from_raw(child.id().try_into().unwrap()), signal).unwrap();
}

/// How often the loops go round: a few times in every run of the tests, `ROUNDS` times by `just faults`.
fn rounds() -> Option<usize> {
    std::env::var("ROUNDS").ok().map(|rounds| rounds.parse().unwrap())
}

/// Each round has an object of its own, so that a deploy has something to create and to prune.
pub fn writes_extra(place: &Place, round: usize) {
    place.write(
        "extra.yaml",
        &format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{ name: extra-{round} }}\ndata: {{ a: b }}\n"),
    );
}

/// Has something keep the first of these objects from going when it is deleted, or nothing (`null`).
pub fn held_by(place: &Place, finalizers: &str) {
    let patch = format!(r#"{{ "metadata": {{ "finalizers": {finalizers} }} }}"#);
    place.kubectl(&["patch", "configmap", "extra-0", "--type", "merge", "--patch", &patch]);
}

/// Starts a deploy and kills it.
fn killed_after(place: &Place, milliseconds: u64) {
    let mut child = start(place);
    std::thread::sleep(Duration::from_millis(milliseconds));
    signal(&child, Signal::SIGKILL);
    child.wait().unwrap();
}

/// The same command again goes on where the killed one ended, and nothing but the newest object is left.
fn converges(place: &Place, round: usize) {
    let begun = Instant::now();
    let converged = place.deploy(&[]).success();
    assert!(begun.elapsed() < Duration::from_secs(40), "the lease frees itself: {:?}", begun.elapsed());
    let newest = vec![format!("configmap/extra-{round}")];
    let extras = || place.rest().into_iter().filter(|name| name.contains("extra")).collect::<Vec<_>>();
    // The cluster takes away what is pruned when it comes to it.
    let until = Instant::now() + Duration::from_secs(10);
    while extras() != newest {
        assert!(Instant::now() < until, "{converged}{:?}", extras());
        std::thread::sleep(Duration::from_millis(200));
    }
}

#[test]
#[cfg_attr(not(testbed), ignore = "needs TESTBED=1")]
fn killed_at_any_moment_the_same_command_converges_and_leaves_no_orphans() {
    let place = Place::new("{ replicas: 1, manifests: [extra.yaml] }");
    match rounds() {
        // One after the other; only the last is waited for, as a lease lasts.
        None => {
            for (round, milliseconds) in [120, 250, 400, 900].into_iter().enumerate() {
                writes_extra(&place, round);
                killed_after(&place, milliseconds);
            }
            converges(&place, 3);
        }
        Some(rounds) => {
            for round in 0..rounds {
                writes_extra(&place, round);
                place.says(&format!("{{ replicas: 1, env: {{ GREETING: '{round}' }}, manifests: [extra.yaml] }}"));
                let milliseconds = rand::random_range(50..2450);
                eprintln!("round {round}: killed after {milliseconds} ms");
                killed_after(&place, milliseconds);
                converges(&place, round);
            }
        }
    }
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
fn deploys_at_once_come_one_after_the_other() {
    let first = Place::new("{ replicas: 1 }");
    let others: Vec<Place> = (0..4).map(|_| first.beside("{}")).collect();
    let all: Vec<&Place> = std::iter::once(&first).chain(&others).collect();
    let mut revision = 0;
    for round in 0..rounds().unwrap_or(1) {
        for at_once in if round % 2 == 0 { [5, 2] } else { [2, 5] } {
            for (number, place) in all.iter().enumerate() {
                place.says(&format!("{{ replicas: 1, env: {{ GREETING: '{round} {at_once} {number}' }} }}"));
            }
            let children: Vec<Child> = all[..at_once].iter().map(|place| start(place)).collect();
            let ended: Vec<_> = children.into_iter().map(|child| child.wait_with_output().unwrap()).collect();
            let told: Vec<String> = ended.iter().map(|o| String::from_utf8(o.stderr.clone()).unwrap()).collect();
            assert!(ended.iter().all(|o| o.status.success()), "{told:?}");
            let waited = told.iter().filter(|text| text.contains("tester (admin) is deploying probe just now")).count();
            // All but the first wait, unless one began when another had ended.
            assert!(waited >= 1 && waited < at_once, "{told:?}");
            revision += at_once;
            // None is lost, and the last is whole.
            let status = first.json(&["status"], "status");
            assert_eq!(status["release"]["revision"], revision, "{told:?}");
            assert_eq!(
                (&status["release"]["status"], &status["services"][0]["state"]),
                (&"deployed".into(), &"running".into())
            );
            if rounds().is_none() {
                return;
            }
        }
    }
}

#[test]
#[cfg_attr(not(testbed), ignore = "needs TESTBED=1")]
fn what_is_on_its_way_out_is_awaited_and_made_anew() {
    let place = Place::new("{ replicas: 1, manifests: [extra.yaml] }");
    writes_extra(&place, 0);
    place.deploy(&[]).success();
    held_by(&place, r#"["example.org/held"]"#);
    place.kubectl(&["delete", "configmap", "extra-0", "--wait=false"]);
    insta::assert_snapshot!("held", place.seen(&place.deploy(&["--timeout", "2s"])));
    assert_eq!(place.diff().stdout, "+ ConfigMap/extra-0\n");

    let child = start(&place);
    std::thread::sleep(Duration::from_secs(2));
    held_by(&place, "null");
    let ended = child.wait_with_output().unwrap();
    let told = String::from_utf8(ended.stdout).unwrap();
    assert!(told.contains("created    ConfigMap/extra-0"), "{told}");
    let deleted = "jsonpath={.metadata.deletionTimestamp}";
    assert_eq!(place.kubectl(&["get", "configmap", "extra-0", "--output", deleted]), "");
}
