//! `msvc up`: a project as processes on this machine.

mod keys;
mod system;
mod watch;

use std::net::TcpListener;
use std::time::{Duration, Instant};

use nix::sys::signal::Signal;
use serde_json::Value;

use crate::support::Msvc;
use crate::support::running::Running;
use crate::support::service::{Service, free_port, get, runs};

const UP: &[&str] = &["up", "--port", "0"];

fn up(service: &Service, stage: &str) -> Running {
    Running::start(Msvc::new(service.dir(), UP).env("STAGE", stage).command())
}

/// Waits until the service is ready, and returns its address.
fn ready(up: &mut Running) -> String {
    let line = up.wait_for("orders is ready at http://127.0.0.1:");
    line.split_whitespace().find(|word| word.starts_with("http://")).unwrap().to_owned()
}

#[test]
fn runs_until_ctrl_c_and_drains() {
    let service = Service::new();
    let mut up = up(&service, "");
    let url = ready(&mut up);
    assert!(get(&url).unwrap().contains("200 OK"));
    let pids = service.pids();
    assert!(pids.iter().all(|pid| runs(*pid)) && pids.len() == 1, "{pids:?}");

    up.signal(Signal::SIGINT);
    assert_eq!(up.end(), Some(0), "{}", up.seen);
    for line in ["orders | listening\n", "orders | no text: \u{fffd}\n", "orders | draining\norders | drained\n"] {
        assert!(up.seen.contains(line), "{}", up.seen);
    }
    assert!(!runs(pids[0]));
    assert!(get(&url).is_err());
    assert!(service.pids().is_empty());
}

#[test]
fn ctrl_c_in_a_terminal_reaches_msvc_only() {
    let service = Service::new();
    let mut command = Msvc::new(service.dir(), UP).command();
    command.env("TERM", "xterm");
    let mut terminal = rexpect::session::spawn_command(command, Some(120_000)).unwrap();
    terminal.exp_string("orders is ready").unwrap();
    terminal.send_control('c').unwrap();
    terminal.exp_string("drained").unwrap();
    terminal.exp_string("orders stopped").unwrap();
    let status = terminal.process().wait().unwrap();
    assert!(format!("{status:?}").ends_with(", 0)"), "{status:?}");
}

#[test]
fn a_second_ctrl_c_ends_at_once() {
    let service = Service::new();
    let mut up = up(&service, "deaf");
    ready(&mut up);
    let pid = service.pids()[0];
    up.signal(Signal::SIGINT);
    std::thread::sleep(Duration::from_millis(500));
    assert!(runs(pid));
    let asked = Instant::now();
    up.signal(Signal::SIGINT);
    assert_eq!(up.end(), Some(130), "{}", up.seen);
    assert!(asked.elapsed() < Duration::from_secs(3));
    assert!(!runs(pid));
}

#[test]
fn a_service_that_does_not_end_in_time_is_killed_and_told_of() {
    let service = Service::new();
    let command = Msvc::new(service.dir(), UP).env("STAGE", "deaf").env("SHUTDOWN_TIMEOUT", "0").command();
    let mut up = Running::start(command);
    ready(&mut up);
    let pid = service.pids()[0];
    up.signal(Signal::SIGTERM);
    assert_eq!(up.end(), Some(1));
    assert!(up.seen.contains("error: orders did not end within 5 seconds and was killed"), "{}", up.seen);
    assert!(!runs(pid));
}

#[test]
fn a_taken_port_is_named_with_who_holds_it() {
    let service = Service::new();
    let held = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = held.local_addr().unwrap().port().to_string();
    let output = Msvc::new(service.dir(), &["up", "--port", &port]).run();
    assert_eq!(output.code, Some(1));
    assert!(output.stderr.contains(&format!("error: port {port}, which orders wants, is taken\n")), "{output}");
    assert!(output.stderr.contains(&format!("(pid {}) listens on it\n", std::process::id())), "{output}");
    assert!(output.stderr.contains("hint: `--port 0` takes a free one"), "{output}");
}

#[test]
fn ports_come_from_the_command_line_else_from_the_project() {
    let service = Service::new();
    let [declared, local, flag] = [free_port(), free_port(), free_port()];
    let project =
        format!("apiVersion: msvc/v1\nkind: Service\nname: orders\ntemplate: {{ name: rest }}\nport: {declared}\n");
    let expect = |args: &[&str], port: u16| {
        let mut up = Running::start(Msvc::new(service.dir(), args).command());
        assert_eq!(ready(&mut up), format!("http://127.0.0.1:{port}"));
        up.signal(Signal::SIGINT);
        assert_eq!(up.end(), Some(0));
    };
    service.write("msvc.yaml", &project);
    expect(&["up"], declared);
    service.write("msvc.yaml", &format!("{project}local: {{ port: {local} }}\n"));
    expect(&["up"], local);
    expect(&["up", "--port", &flag.to_string()], flag);
}

#[test]
fn code_that_does_not_build_is_one_error() {
    let service = Service::with_main("fn main() { let port: u16 = \"8080\"; }");
    let output = Msvc::new(service.dir(), UP).run();
    assert_eq!(output.code, Some(1));
    assert!(output.stderr.contains("error: orders does not build\ncause: error[E0308]: mismatched types"), "{output}");
    assert!(output.stderr.contains("src/main.rs:1:"), "{output}");

    service.write("Cargo.toml", "[package]\nname = \"orders\"\n");
    service.write("Cargo.toml", "[package");
    let output = Msvc::new(service.dir(), UP).run();
    assert!(output.stderr.contains("error: orders does not build\ncause: "), "{output}");
    assert!(output.stderr.contains("Cargo.toml"), "{output}");
}

#[test]
fn a_service_that_ends_before_it_is_ready_is_an_error_with_its_last_lines() {
    let service = Service::new();
    let output = Msvc::new(service.dir(), UP).env("STAGE", "dies at start").run();
    assert_eq!(output.code, Some(1));
    let expected = "error: orders ended before it was ready\ncause: exit status: 3\n\
                    cause: its last lines:\n       no database to be found\n";
    assert!(output.stderr.ends_with(expected), "{output}");
}

#[test]
fn a_crashed_service_is_started_again() {
    let service = Service::new();
    let mut up = up(&service, "");
    let url = ready(&mut up);
    let _ = get(&format!("{url}/crash"));
    up.wait_for("orders | crashing");
    up.wait_for("orders ended by itself (exit status: 7); starting it again in 1 s");
    assert_eq!(ready(&mut up), url);
    assert!(get(&url).unwrap().contains("200 OK"));
    up.signal(Signal::SIGINT);
    assert_eq!(up.end(), Some(0), "{}", up.seen);
}

#[test]
fn what_a_killed_up_left_is_ended_by_the_next_one() {
    let service = Service::new();
    let mut first = up(&service, "");
    ready(&mut first);
    let pid = service.pids()[0];

    let beside = Msvc::new(service.dir(), UP).run();
    assert_eq!(beside.code, Some(1));
    assert!(beside.stderr.contains("error: orders is up already\n"), "{beside}");

    first.signal(Signal::SIGKILL);
    assert_eq!(first.end(), None);
    assert!(runs(pid));
    let mut second = up(&service, "");
    second.wait_for(&format!("ending orders (pid {pid}), left by an earlier `msvc up`"));
    ready(&mut second);
    assert!(!runs(pid));
    second.signal(Signal::SIGINT);
    assert_eq!(second.end(), Some(0));
}

#[test]
fn ctrl_c_while_it_builds_ends_the_build() {
    let service = Service::new();
    service.write(
        "build.rs",
        "fn main() { std::fs::write(\"building\", \"\").unwrap(); std::thread::sleep(std::time::Duration::from_secs(60)) }",
    );
    let mut up = up(&service, "");
    let deadline = Instant::now() + Duration::from_mins(1);
    while !service.dir().join("building").exists() {
        assert!(Instant::now() < deadline, "{}", up.seen);
        std::thread::sleep(Duration::from_millis(10));
    }
    up.signal(Signal::SIGINT);
    assert_eq!(up.end(), Some(130), "{}", up.seen);
}

#[test]
fn events_are_json_objects_one_per_line() {
    let service = Service::new();
    let mut command = Msvc::new(service.dir(), &["up", "--port", "0", "--output", "json"]).command();
    command.stderr(std::process::Stdio::null());
    let mut up = Running::start(command);
    up.wait_for("\"ready\"");
    up.signal(Signal::SIGINT);
    assert_eq!(up.end(), Some(0));
    let events: Vec<Value> = up.seen.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let all = |kind: &str| events.iter().filter(|e| e["event"] == kind).collect::<Vec<_>>();
    assert_eq!(all("log")[0]["line"], "listening", "{}", up.seen);
    assert!(all("ready")[0]["url"].as_str().unwrap().starts_with("http://127.0.0.1:"), "{}", up.seen);
    assert_eq!(all("stopped").len(), 1, "{}", up.seen);
}
