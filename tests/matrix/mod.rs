//! Services of every template with all options pairwise: each is formatted, passes clippy and its own tests, holds
//! nothing that may not be shipped, and answers. They are built together, as members of one workspace.
//!
//! `MATRIX=full` (`just matrix`) takes every combination there is.

mod clients;
mod licenses;
mod pairs;
mod running;
mod workspace;

use std::path::Path;

use msvc::scaffold::source;
use serde_json::json;

use self::running::Running;
use self::workspace::Workspace;
use crate::support::Msvc;
use crate::support::checks::lint_and_test;
use crate::support::combinations::{self, Combination};
use crate::support::generated::cargo;

/// The templates whose services share a workspace.
const TEMPLATES: &[&str] = &["rest", "grpc", "worker", "gateway"];

/// Fields of which some services are made, for what the first ones have not.
const FIELDS: &str = "fields=title:string:sort day:date part:uuid data:json:optional";

/// Makes a service for each combination; gives their names.
fn services(template: &str, dir: &Path) -> Vec<String> {
    let mut all = combinations::of(&source::load(template).unwrap().manifest);
    all.retain(Combination::has_plain_fields);
    let full = std::env::var("MATRIX").is_ok_and(|which| which == "full");
    let chosen = if full { all } else { pairs::choose(all) };
    let make = |(index, combination): (usize, &Combination)| {
        let name = format!("{template}-{}", combination.name());
        let mut settings = combination.settings();
        if index % 2 == 1 && combination.has_fields() {
            settings.push(FIELDS.to_owned());
            settings.extend((template == "rest").then(|| "start=true".to_owned()));
        }
        let set = settings.iter().flat_map(|setting| ["--set", setting]);
        let args = ["new", &name, "--yes", "--quiet", "--no-git", "--template", template];
        Msvc::new(dir, &args.into_iter().chain(set).collect::<Vec<_>>()).run().success();
        name
    };
    chosen.iter().enumerate().map(make).collect()
}

#[test]
fn all_options_work_with_each_other() {
    let dir = tempfile::tempdir().unwrap();
    let (mut workspace, mut names) = (Workspace::with_chassis(dir.path()), Vec::new());
    for template in TEMPLATES {
        names.extend(services(template, dir.path()));
    }
    for name in &names {
        let service = dir.path().join(name);
        cargo(&service, &["fmt", "--all", "--check"], &[]);
        workspace.take_in(&service);
        if has_records(name) {
            workspace.join(clients::make(dir.path(), name));
        }
    }
    workspace.write(dir.path());
    cargo(dir.path(), &["fmt", "--all", "--check"], &[]);
    for name in names.iter().filter(|name| has_records(name)) {
        clients::add_walk(dir.path(), name);
    }
    lint_and_test(dir.path(), &[]);
    licenses::check(dir.path());
    for name in &names {
        answers(dir.path(), name);
    }
}

/// Whether it is a service with an API over data of its own.
fn has_records(name: &str) -> bool {
    name.starts_with("grpc") || name.starts_with("rest-") && !name.contains("-no-store")
}

/// What is different about the service for a client.
fn answers(dir: &Path, name: &str) {
    let service = Running::start(dir, name);
    if has_records(name) {
        clients::walk(dir, &service, name);
    }
    if !name.starts_with("grpc") {
        logs_ids(&service);
    }
    if name.contains("-inbox") {
        let event = [("ce-specversion", "1.0"), ("ce-source", "/"), ("ce-id", "1"), ("ce-type", "payment.settled")];
        assert_eq!(service.ask("POST", "/events", &event, &json!({})).0, 202, "{name}");
    }
    if name.starts_with("grpc") {
        // What it answers to clients of another make is tested where these are at hand.
    } else if name.starts_with("worker") {
        assert_eq!(service.ask("GET", "/tallies", &[], &json!(null)), (200, json!([])), "{name}");
    } else if name.starts_with("gateway") {
        // It has nobody behind it; with tokens, it asks for one first.
        let status = if name.contains("-jwt") { 401 } else { 503 };
        assert_eq!(service.ask("GET", "/orders", &[], &json!(null)).0, status, "{name}");
    } else if name.contains("-no-store") {
        let greeting = service.ask("POST", "/greetings", &[], &json!({"name": "Ada"}));
        assert_eq!((greeting.0, &greeting.1["text"]), (200, &json!("Hello, Ada!")));
    } else if name.contains("-jwt") {
        only_with_a_token(&service);
    } else {
        assert_eq!(service.ask("GET", "/orders", &[], &json!(null)).0, 200, "{name}");
    }
}

/// What it logs of a request tells which one it was.
fn logs_ids(service: &Running) {
    let trace = ("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
    service.ask("GET", "/nowhere", &[("x-request-id", "\"1\""), trace], &json!(null));
    let line = service.logged(|line| line["path"] == "/nowhere");
    assert_eq!(line["request_id"], "\"1\"", "{line}");
    assert_eq!(line["trace_id"], "0af7651916cd43dd8448eb211c80319c", "{line}");
    assert_eq!(line["span_id"].as_str().map(str::len), Some(16), "{line}");
}

fn only_with_a_token(service: &Running) {
    let ada = json!({"email": "ada@example.org", "password": "correct horse"});
    assert_eq!(service.ask("GET", "/orders", &[], &json!(null)).0, 401);
    assert_eq!(service.ask("POST", "/register", &[], &ada).0, 201);
    let (status, tokens) = service.ask("POST", "/login", &[], &ada);
    assert_eq!(status, 200, "{tokens}");
    let token = format!("Bearer {}", tokens["access_token"].as_str().unwrap());
    assert_eq!(service.ask("GET", "/orders", &[("authorization", &token)], &json!(null)).0, 200);
    let refresh = json!({"refresh_token": tokens["refresh_token"]});
    assert_eq!(service.ask("POST", "/refresh", &[], &refresh).0, 200);
    assert_eq!(service.ask("POST", "/refresh", &[], &refresh).0, 401, "used twice");
    assert!(service.log().contains("no JWT_KEYS"), "keys that were made up are told of");
}
