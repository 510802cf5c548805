//! Deploys while daemons of the cluster are killed or frozen, and what else takes long: only by `just faults`, as all
//! else on the testbed has to stand still meanwhile.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::faults::{held_by, start, writes_extra};
use super::stage::Place;
use crate::live::stage::output;

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/testbed/fault");

/// Makes a fault and undoes it, whatever becomes of the test.
struct Frozen(&'static str);

impl Frozen {
    fn new(daemon: &'static str) -> Self {
        fault("stop", daemon);
        Self(daemon)
    }
}

impl Drop for Frozen {
    fn drop(&mut self) {
        fault("go", self.0);
    }
}

fn fault(what: &str, daemon: &str) {
    output(SCRIPT, &[what, daemon]);
}

/// A server that was killed may still have its port for a moment, and the new one does not wait for it.
fn restart(daemon: &str) {
    let tried = (0..3).any(|_| Command::new(SCRIPT).args(["restart", daemon]).status().unwrap().success());
    assert!(tried, "{daemon} did not start again");
}

fn says(place: &Place, round: usize) {
    place.says(&format!("{{ replicas: 2, env: {{ GREETING: '{round}' }} }}"));
}

/// All runs, in the newest revision, and nothing is left under way.
fn converges(place: &Place) {
    place.deploy(&[]).success();
    let status = place.json(&["status"], "status");
    assert_eq!(status["release"]["status"], "deployed", "{status:#}");
    assert_eq!(status["services"][0]["state"], "running", "{status:#}");
}

#[test]
#[ignore = "kills the API server of the testbed: `just faults`"]
fn daemons_api_server_killed_and_restarted() {
    let place = Place::new("{ replicas: 2 }");
    place.deploy(&[]).success();
    let (mut finished, mut told) = (0, Vec::new());
    for round in 0..20 {
        says(&place, round);
        let deploy = start(&place);
        let milliseconds = rand::random_range(50..6000);
        std::thread::sleep(Duration::from_millis(milliseconds));
        restart("apiserver");
        let ended = deploy.wait_with_output().unwrap();
        let stderr = String::from_utf8(ended.stderr).unwrap();
        match ended.status.code() {
            Some(0) => finished += 1,
            Some(1) => {
                let error = stderr.lines().find(|line| line.starts_with("error: ")).expect("it says what is wrong");
                eprintln!("round {round}, after {milliseconds} ms: {error}");
                told.push(error.to_owned());
            }
            other => panic!("{other:?}: {stderr}"),
        }
        converges(&place);
    }
    eprintln!("{finished} of 20 deploys finished by themselves, the others said: {told:#?}");
}

#[test]
#[ignore = "kills the API server of the testbed: `just faults`"]
fn daemons_api_server_killed_while_all_is_deleted() {
    let place = Place::new("{ replicas: 1, manifests: [extra.yaml] }");
    writes_extra(&place, 0);
    place.deploy(&[]).success();
    held_by(&place, r#"["example.org/held"]"#);
    let delete = place.msvc(&["delete", "--yes"]).command().stderr(Stdio::piped()).spawn().unwrap();
    std::thread::sleep(Duration::from_secs(5));
    restart("apiserver");
    held_by(&place, "null");
    let ended = delete.wait_with_output().unwrap();
    let told = String::from_utf8(ended.stderr).unwrap();
    // A server that stays away for a minute is not waited for.
    if !ended.status.success() {
        assert!(told.contains("could not reach the cluster"), "{told}");
        place.msvc(&["delete", "--yes"]).run().success();
    }
    assert_eq!(place.rest(), Vec::<String>::new());
}

#[test]
#[ignore = "freezes daemons of the testbed: `just faults`"]
fn daemons_of_the_node_frozen_and_resumed() {
    let place = Place::new("{ replicas: 2 }");
    place.deploy(&[]).success();
    for (round, daemon) in ["kubelet", "containerd"].into_iter().enumerate() {
        says(&place, round);
        let begun = Instant::now();
        let deploy = {
            let _frozen = Frozen::new(daemon);
            let deploy = start(&place);
            std::thread::sleep(Duration::from_secs(15));
            deploy
        };
        let ended = deploy.wait_with_output().unwrap();
        let stderr = String::from_utf8(ended.stderr).unwrap();
        assert!(ended.status.success(), "{stderr}");
        eprintln!("{daemon} frozen for 15 s: done after {:?}", begun.elapsed());
        converges(&place);
    }
}

#[test]
#[ignore = "takes as long as autoscalers do: `just faults`"]
fn an_autoscaler_at_its_maximum_is_told_of_and_deploys_go_on() {
    let place = Place::new("{ autoscale: { min: 1, max: 2, cpu: 10 }, env: { BURN: 1 } }");
    place.deploy(&[]).success();
    let begun = Instant::now();
    while place.json(&["status"], "status")["services"][0]["problems"][0]["reason"] != "AtMaximum" {
        assert!(begun.elapsed() < Duration::from_mins(3), "it never came to its maximum");
        std::thread::sleep(Duration::from_secs(2));
    }
    place.says("{ autoscale: { min: 1, max: 2, cpu: 10 }, env: { BURN: 1, GREETING: hi } }");
    place.deploy(&[]).success();
    assert_eq!(place.ready_pods().len(), 2);
    let status = place.msvc(&["status"]).run().success();
    assert!(status.stdout.contains("its autoscaler would have more pods than its maximum of 2"), "{status}");
}
