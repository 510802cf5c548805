//! `msvc up` of a system: one merged log, an order, and a line at the bottom of the terminal.

use nix::sys::signal::Signal;
use serde_json::Value;

use crate::support::fakes::{System, ready};
use crate::support::running::Running;
use crate::support::service::get;

fn shop() -> System {
    System::new(&[
        ("gateway", "uses: [orders, users]\ndeploy: { expose: { type: LoadBalancer } }"),
        ("mails", ""),
        ("orders", "uses: [users]"),
        ("users", ""),
    ])
}

#[test]
fn all_start_and_end_in_order_and_one_that_ends_by_itself_is_started_again() {
    let system = shop();
    let mut up = Running::start(system.up(&["--output", "json"]).command());
    up.wait_for(r#""event":"ready","service":"gateway""#);
    let events: Vec<Value> = up.seen.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let url = |name: &str| {
        let ready = events.iter().find(|e| e["event"] == "ready" && e["service"] == name).unwrap();
        ready["url"].as_str().unwrap().to_owned()
    };
    let users = get(&format!("{}/env/USERS_URL", url("orders"))).unwrap();
    assert!(users.ends_with(&url("users")), "{users}");
    let _ = get(&format!("{}/crash", url("users")));
    let exited = up.wait_for(r#""event":"exited","service":"users""#);
    assert!(exited.contains(r#""restartSeconds":1,"lastLines":["listening","no text: "#), "{exited}");
    up.wait_for(r#""event":"ready","service":"users""#);
    up.signal(Signal::SIGINT);
    assert_eq!(up.end(), Some(0), "{}", up.seen);

    let events: Vec<Value> = up.seen.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    assert_eq!(events[0]["event"], "begun");
    assert_eq!(events[0]["services"], serde_json::json!(["mails", "users", "orders", "gateway"]));
    let at = |event: &str, service: &str| {
        let found = events.iter().position(|e| e["event"] == event && e["service"] == service);
        found.unwrap_or_else(|| panic!("{event} {service} in {}", up.seen))
    };
    assert!(at("ready", "users") < at("starting", "orders"));
    assert!(at("ready", "orders") < at("starting", "gateway"));
    assert!(at("stopped", "gateway") < at("stopping", "orders"));
    assert!(at("stopped", "orders") < at("stopping", "users"));
}

#[test]
fn one_is_run_with_what_it_uses() {
    let system = shop();
    let mut up = Running::start(system.up(&["orders"]).command());
    ready(&mut up, "users");
    ready(&mut up, "orders");
    up.signal(Signal::SIGINT);
    assert_eq!(up.end(), Some(0), "{}", up.seen);
    assert!(!up.seen.contains("gateway") && !up.seen.contains("mails"), "{}", up.seen);
    assert!(!up.seen.contains(" of 2 ready"), "where there is no terminal, no line moves:\n{}", up.seen);
}

#[test]
fn a_terminal_has_a_line_that_counts_at_its_bottom() {
    let system = shop();
    let mut command = system.up(&[]).command();
    command.env("TERM", "xterm");
    let mut terminal = rexpect::session::spawn_command(command, Some(120_000)).unwrap();
    terminal.exp_string("gateway is ready").unwrap();
    terminal.exp_regex(r"4 of 4 ready.*http://127\.0\.0\.1:\d+").unwrap();
    terminal.send_control('c').unwrap();
    terminal.exp_string("stopping").unwrap();
    terminal.exp_string("users stopped").unwrap();
    let status = terminal.process().wait().unwrap();
    assert!(format!("{status:?}").ends_with(", 0)"), "{status:?}");
}
