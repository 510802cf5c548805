//! Commands that go on until Ctrl-C, while pods come and go.

use std::io::{BufRead, BufReader, Lines};
use std::process::{Child, ChildStdout, Stdio};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::{Value, json};

use super::stage::Place;

/// A command that prints JSON objects, one per line.
struct Stream(Child, Lines<BufReader<ChildStdout>>);

impl Stream {
    fn start(place: &Place, args: &[&str]) -> Self {
        let mut command = place.msvc(&[args, &["--output", "json"]].concat()).command();
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        Self(child, lines)
    }

    /// The next object that is looked for.
    fn find(&mut self, wanted: impl Fn(&Value) -> bool) -> Value {
        let mut objects = self.1.by_ref().map(|line| serde_json::from_str::<Value>(&line.unwrap()).unwrap());
        objects.find(|object| wanted(object)).expect("it ended too early")
    }

    /// Its exit code after Ctrl-C.
    fn interrupt(mut self) -> Option<i32> {
        kill(Pid::from_raw(self.0.id().try_into().unwrap()), Signal::SIGINT).unwrap();
        self.0.wait().unwrap().code()
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        let _ = self.0.kill();
    }
}

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
    let mut forward = Stream::start(&place, &["forward", "probe", "0"]);
    let address = forward.find(|_| true)["address"].as_str().unwrap().to_owned();
    assert_eq!(get(&address), "hi");

    let before = place.ready_pods();
    place.says("{ replicas: 1, env: { GREETING: again } }");
    place.deploy(&[]).success();
    assert_ne!(place.ready_pods(), before);
    assert_eq!(get(&address), "again");
    assert_eq!(forward.interrupt(), Some(130));
}

#[test]
#[cfg_attr(not(testbed), ignore = "needs TESTBED=1")]
fn status_and_logs_follow_a_deploy() {
    let place = Place::new("{ replicas: 1 }");
    place.deploy(&[]).success();
    let mut status = Stream::start(&place, &["status", "--watch"]);
    let mut logs = Stream::start(&place, &["logs", "--follow"]);
    status.find(|seen| seen["services"][0]["ready"] == json!(1));
    let mut events = Stream::start(&place, &["events", "--follow"]);
    let first = logs.find(|line| line["line"] == "listening")["pod"].clone();

    place.says("{ replicas: 2 }");
    place.deploy(&[]).success();
    let scaled = |e: &Value| e["reason"] == "ScalingReplicaSet" && e["message"].as_str().unwrap().contains("to 2");
    events.find(scaled);
    let seen = status.find(|seen| seen["services"][0]["ready"] == json!(2));
    assert_eq!(seen["kind"], "Status", "{seen}");
    let second = logs.find(|line| line["line"] == "listening" && line["pod"] != first);
    assert_eq!(second["service"], "probe", "{second}");
    assert_eq!((status.interrupt(), logs.interrupt(), events.interrupt()), (Some(0), Some(0), Some(0)));

    let listed = place.json(&["events", "probe"], "events");
    let events = listed["events"].as_array().unwrap();
    assert!(events.iter().any(|e| e["reason"] == "Started" && e["objects"] == 2 && e["count"] == 2), "{listed:#}");
    assert!(events.is_sorted_by_key(|e| e["time"].as_str().unwrap().to_owned()), "{listed:#}");
    let text = place.msvc(&["events"]).run().success().stdout;
    assert!(text.lines().any(|l| l.contains("Started ") && l.contains(" and 1 more ")), "{text}");
}
