//! `msvc forward`: a port that leads to a service, whichever of its pods are there.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::Value;

use super::stage::Place;

fn get(address: &str) -> String {
    ureq::get(&format!("http://{address}/")).call().unwrap().body_mut().read_to_string().unwrap()
}

#[test]
#[cfg_attr(not(testbed), ignore = "needs TESTBED=1")]
fn a_forwarded_port_outlives_the_pods_behind_it() {
    let place = Place::new("{ replicas: 1, env: { GREETING: hi } }");
    let nothing = place.msvc(&["forward", "probe", "0"]).run();
    assert_eq!(nothing.code, Some(1), "{nothing}");
    assert!(nothing.stderr.starts_with("error: it has no pod that is ready"), "{nothing}");

    place.deploy(&[]).success();
    let mut command = place.msvc(&["forward", "probe", "0", "--output", "json"]).command();
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let told: Value = serde_json::from_str(&line).unwrap();
    let address = told["address"].as_str().unwrap();
    assert_eq!(get(address), "hi");

    let before = place.ready_pods();
    place.says("{ replicas: 1, env: { GREETING: again } }");
    place.deploy(&[]).success();
    assert_ne!(place.ready_pods(), before);
    assert_eq!(get(address), "again");

    kill(Pid::from_raw(child.id().try_into().unwrap()), Signal::SIGINT).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(130));
}
