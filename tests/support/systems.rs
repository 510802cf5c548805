//! A generated system that `msvc up` runs.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::Value;

use super::Msvc;
use super::generated::settings;

/// A running system. Dropped, it is ended as by Ctrl-C.
pub struct SystemUp {
    child: Child,
    events: Receiver<Value>,
    /// What was told so far.
    pub seen: Vec<Value>,
    urls: BTreeMap<String, String>,
}

/// Nothing takes longer, even on a busy machine; the build is not counted.
const PATIENCE: Duration = Duration::from_mins(2);

impl SystemUp {
    /// Starts `services` (none: all) on free ports and waits until each of `ready` is.
    pub fn start(dir: &Path, services: &[&str], ready: &[&str]) -> Self {
        let args = [&["up", "--port", "0", "--output", "json"], services].concat();
        let mut command = Msvc::new(dir, &args).command();
        command.envs(settings(dir));
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let (sender, events) = channel();
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                if sender.send(serde_json::from_str(&line).unwrap()).is_err() {
                    break;
                }
            }
        });
        let mut up = Self { child, events, seen: Vec::new(), urls: BTreeMap::new() };
        // The first line comes when all is built.
        up.take(Duration::from_hours(1));
        let deadline = Instant::now() + PATIENCE;
        while !ready.iter().all(|name| up.urls.contains_key(*name)) {
            assert!(Instant::now() < deadline, "{:#?}", up.seen);
            up.take(PATIENCE);
        }
        up
    }

    fn take(&mut self, patience: Duration) {
        let event = self.events.recv_timeout(patience).unwrap_or_else(|e| panic!("{e}: {:#?}", self.seen));
        if event["event"] == "ready" {
            let text = |key: &str| event[key].as_str().unwrap().to_owned();
            self.urls.insert(text("service"), text("url"));
        }
        self.seen.push(event);
    }

    /// Where a service is.
    pub fn url(&self, service: &str) -> &str {
        &self.urls[service]
    }

    /// The names of those that are ready, in the order of their names.
    pub fn running(&self) -> Vec<&str> {
        self.urls.keys().map(String::as_str).collect()
    }

    /// Ctrl-C, and the end: the exit code, and the services in the order in which they ended.
    pub fn stop(mut self) -> (Option<i32>, Vec<String>) {
        kill(Pid::from_raw(self.child.id().try_into().unwrap()), Signal::SIGINT).unwrap();
        while let Ok(event) = self.events.recv_timeout(PATIENCE) {
            self.seen.push(event);
        }
        let stopped = self.seen.iter().filter(|event| event["event"] == "stopped");
        let stopped = stopped.map(|event| event["service"].as_str().unwrap().to_owned()).collect();
        (self.child.wait().unwrap().code(), stopped)
    }
}

impl Drop for SystemUp {
    fn drop(&mut self) {
        if self.child.try_wait().is_ok_and(|status| status.is_none()) {
            let _ = kill(Pid::from_raw(self.child.id().try_into().unwrap()), Signal::SIGTERM);
            let _ = self.child.wait();
        }
    }
}

/// Runs a blueprint's requests.sh; gives what it shows, without what differs from run to run.
#[track_caller]
pub fn requests(dir: &Path, url: &str) -> String {
    let output = Command::new(dir.join("requests.sh")).arg(url).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(output.status.success(), "{}{}", text(&output.stdout), text(&output.stderr));
    let times = regex::Regex::new(r"\d{4}-\d\d-\d\dT[0-9:.]+Z").unwrap();
    let ids = regex::Regex::new(r#""(request_id|instance)":"[^"]*""#).unwrap();
    ids.replace_all(&times.replace_all(&text(&output.stdout), "[time]"), "\"$1\":\"..\"").into_owned()
}

/// The statuses of the answers that a requests.sh shows.
pub fn statuses(told: &str) -> Vec<u16> {
    let answers = told.lines().filter_map(|line| line.split_once(" -> "));
    answers.filter_map(|(_, answer)| answer.split(' ').next()?.parse().ok()).collect()
}
