//! Deploys while daemons of the cluster are killed or frozen: only by `just faults`, as all else on the testbed has to
//! stand still meanwhile.

use std::path::Path;
use std::time::{Duration, Instant};

use super::faults::start;
use super::stage::Place;
use crate::live::stage::output;

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
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/testbed/fault");
    output(script.to_str().unwrap(), &[what, daemon]);
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
        fault("restart", "apiserver");
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
