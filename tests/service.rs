//! The generated service: it passes its own checks, and answers as it promises.

mod events;
mod growth;
mod grpc;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::checks::lint_and_test;
use crate::support::generated::{Up, cargo};
use crate::support::shared::{Shared, shared};
use crate::support::{Msvc, tool};

/// Entities that refer to each other, each behind the one that refers to it; with all that lists can and can't.
const SHOP: &str = "apiVersion: msvc/v1
kind: Service
name: shop
template: { name: rest, options: { store: sql } }
entities:
  payment:
    fields:
      order: { type: uuid, references: order, filter: true }
      amount: { type: decimal, digits: 10, scale: 2, minimum: 0, sort: true }
      refund_of: { type: uuid, references: payment, optional: true, unique: true }
  order:
    fields:
      customer_id: { type: integer, references: customer, filter: true }
      by: { type: uuid, references: users/user }
  customer:
    id: integer
    path: /api/customers/
    fields:
      email: { type: string, format: email, unique: true, filter: true, sort: true }
      country: { type: enum, values: [gb, it], default: gb, filter: true }
  visit:
    id: integer
    fields:
      seen: { type: datetime, filter: true }
  audit:
    fields:
      subject: { type: string, length: 1..40 }
      customer: { type: integer, references: customer, optional: true }
      payment_that_was_looked_at_in_the_autumn: { type: uuid, references: payment }
      whoever_looked_at_it_with_their_own_eye: { type: string, sort: true, filter: true }
  setting:
    fields: { value: { type: json, optional: true } }
";

fn project(name: &str, settings: &[&str]) -> (TempDir, PathBuf) {
    let parent = tempfile::tempdir().unwrap();
    make(parent.path(), name, settings);
    let dir = parent.path().join(name);
    (parent, dir)
}

fn make(parent: &Path, name: &str, settings: &[&str]) {
    let set = settings.iter().flat_map(|setting| ["--set", setting]);
    Msvc::new(parent, &["new", name, "--yes"].into_iter().chain(set).collect::<Vec<_>>()).run().success();
}

/// The service that `msvc new` makes of the defaults.
fn orders() -> Shared {
    shared("orders", |parent| make(parent, "orders", &[]))
}

/// The service that this msvc.yaml declares.
fn shop() -> Shared {
    shared("shop", make_shop)
}

fn make_shop(parent: &Path) {
    let templates = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
    for template in ["rest", "api", "chassis", "clients", "entities", "inbox", "project"] {
        let copied = Command::new("cp").arg("-r").args([&templates.join(template), parent]).status().unwrap();
        assert!(copied.success());
    }
    std::fs::write(parent.join("rest/msvc.yaml.tera"), SHOP).unwrap();
    Msvc::new(parent, &["new", "shop", "--yes", "--template", "./rest"]).run().success();
}

pub fn passes_its_own_checks(dir: &Path) {
    cargo(dir, &["fmt", "--check"], &[]);
    lint_and_test(dir, &["--locked"]);
}

/// A request: method, path, body with its type. Gives status, content type and JSON body.
fn ask(url: &str, method: &str, path: &str, body: Option<(&str, &str)>) -> (u16, String, Value) {
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .timeout_global(Some(Duration::from_secs(20)))
        // A slow machine is no go-ahead.
        .timeout_await_100(Some(Duration::from_secs(20)))
        .build()
        .into();
    let request = ureq::http::Request::builder().method(method).uri(format!("{url}{path}"));
    let mut response = match body {
        // A large body waits for the go-ahead: a service that refuses it does not read it first.
        Some((kind, text)) if text.len() > 1 << 20 => agent
            .run(request.header("content-type", kind).header("expect", "100-continue").body(text.to_owned()).unwrap()),
        Some((kind, text)) => agent.run(request.header("content-type", kind).body(text.to_owned()).unwrap()),
        None => agent.run(request.body(()).unwrap()),
    }
    .unwrap();
    let kind = response.headers().get("content-type").map_or("", |k| k.to_str().unwrap()).to_owned();
    let text = response.body_mut().read_to_string().unwrap();
    let value = serde_json::from_str(&text).unwrap_or(Value::Null);
    (response.status().as_u16(), kind, value)
}

const JSON: &str = "application/json";

fn answers_as_promised(up: &Up) -> String {
    let order = json!({"customer": "ada", "item": "lamp", "quantity": 2, "total": "19.90"}).to_string();
    let (status, _, created) = ask(&up.url, "POST", "/orders", Some((JSON, &order)));
    assert_eq!(status, 201, "{created}");
    assert_eq!((&created["total"], &created["status"]), (&json!("19.90"), &json!("placed")));
    let id = created["id"].as_str().unwrap().to_owned();
    let one = format!("/orders/{id}");
    assert_eq!(ask(&up.url, "GET", &one, None).2, created);
    let (status, _, all) = ask(&up.url, "GET", "/orders", None);
    assert_eq!(status, 200);
    assert!(all.as_array().unwrap().contains(&created));

    let wrong = json!({"customer": "", "quantity": 0, "total": "a lot", "status": "lost", "colour": "red"}).to_string();
    let large = format!("{{\"customer\": \"{}\"}}", "x".repeat(4 << 20));
    let missing = "/orders/01890a5d-ac96-774b-bcce-b302099a8057";
    for (method, path, body, expected) in [
        ("POST", "/orders", Some((JSON, wrong.as_str())), 400),
        ("POST", "/orders", Some((JSON, "{\"customer\": ")), 400),
        ("GET", missing, None, 404),
        ("GET", "/orders/not-an-id", None, 400),
        ("GET", "/nowhere", None, 404),
        ("PATCH", "/orders", None, 405),
        ("POST", "/orders", Some((JSON, large.as_str())), 413),
        ("POST", "/orders", Some(("text/plain", order.as_str())), 415),
    ] {
        let (status, kind, problem) = ask(&up.url, method, path, body);
        assert_eq!((status, kind.as_str()), (expected, "application/problem+json"), "{method} {path}: {problem}");
        assert_eq!(problem["status"], json!(expected), "{method} {path}: {problem}");
    }
    let (_, _, problem) = ask(&up.url, "POST", "/orders", Some((JSON, &wrong)));
    let text = problem.to_string();
    for field in ["customer", "item", "quantity", "total", "status", "colour"] {
        assert!(text.contains(field), "no entry for {field}: {text}");
    }

    assert_eq!(ask(&up.management, "GET", "/livez", None).0, 200);
    assert_eq!(ask(&up.management, "GET", "/readyz", None).0, 200);
    assert_eq!(ask(&up.management, "GET", "/metrics", None).0, 200);
    assert_eq!(ask(&up.url, "GET", "/metrics", None).0, 404, "the management port alone shows metrics");
    assert_eq!(ask(&up.url, "GET", "/docs", None).0, 200);
    assert_eq!(ask(&up.url, "GET", "/openapi.json", None).2["openapi"].as_str().unwrap().get(..2), Some("3."));
    one
}

/// A request that is half sent when Ctrl-C comes is answered before the service ends.
fn a_request_in_flight_is_finished(up: Up) {
    let body = json!({"customer": "late", "item": "clock", "quantity": 1, "total": "5.00"}).to_string();
    let (first, second) = body.split_at(10);
    let address = up.url.trim_start_matches("http://").to_owned();
    let mut stream = TcpStream::connect(&address).unwrap();
    write!(
        stream,
        "POST /orders HTTP/1.1\r\nhost: {address}\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{first}",
        body.len()
    )
    .unwrap();
    std::thread::sleep(Duration::from_millis(200));
    up.interrupt();
    std::thread::sleep(Duration::from_millis(500));
    stream.write_all(second.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
    assert_eq!(up.wait(), Some(0));
}

fn runs_restarts_and_drains(dir: &Path, env: &[(&str, &str)]) {
    let up = Up::start(dir, env);
    let one = answers_as_promised(&up);
    assert_eq!(up.stop(), Some(0));
    let again = Up::start(dir, env);
    assert_eq!(ask(&again.url, "GET", &one, None).0, 200, "a restart keeps the data");
    a_request_in_flight_is_finished(again);
}

#[test]
fn the_default_service_passes_its_own_checks_and_runs() {
    let dir = orders();
    // That clippy finds nothing is seen where services of all options are built together.
    cargo(&dir, &["test", "--locked"], &[]);
    runs_restarts_and_drains(&dir, &[]);
}

#[test]
fn entities_that_refer_to_each_other_work() {
    let dir = shop();
    passes_its_own_checks(&dir);
    let read = |path: &str| std::fs::read_to_string(dir.join(path)).unwrap();
    // Tables are made in the order in which they refer to each other.
    insta::assert_snapshot!("payments_table", read("migrations/postgres/0004_create_payments.sql"));
    insta::assert_snapshot!("payments_list", read("src/payment/query.rs"));
    // What an entity does not have leaves no trace.
    assert!(!dir.join("src/setting/query.rs").exists());
    insta::assert_snapshot!("store_without_filters", read("src/setting/store.rs"));
}

#[test]
#[cfg_attr(not(testbed), ignore = "needs TESTBED=1")]
fn linters_find_nothing_in_the_dockerfile() {
    let (_parent, dir) = project("orders", &[]);
    for (linter, args) in [
        ("hadolint", &["Dockerfile"][..]),
        ("checkov", &["--framework", "dockerfile", "--file", "Dockerfile", "--compact", "--quiet"]),
    ] {
        let output = tool(linter).args(args).current_dir(&dir).output().unwrap();
        assert!(output.status.success(), "{linter}: {}", String::from_utf8_lossy(&output.stdout));
    }
}

/// A PostgreSQL of the test's own, in the engine.
pub struct Postgres(String);

impl Postgres {
    /// The database and its URL.
    pub fn start() -> (Self, String) {
        let docker = |args: &[&str]| {
            let output = Command::new("docker").args(args).output().unwrap();
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            String::from_utf8(output.stdout).unwrap().trim().to_owned()
        };
        let id = docker(&["run", "-d", "-e", "POSTGRES_PASSWORD=for-tests", "-p", "127.0.0.1::5432", "postgres:15"]);
        let postgres = Self(id);
        let address = docker(&["port", &postgres.0, "5432/tcp"]);
        for _ in 0..150 {
            let ready = Command::new("docker")
                .args(["exec", &postgres.0, "pg_isready", "-h", "127.0.0.1", "-U", "postgres"])
                .output()
                .unwrap();
            if ready.status.success() {
                return (postgres, format!("postgres://postgres:for-tests@{address}/app"));
            }
            std::thread::sleep(Duration::from_millis(200));
        }
        panic!("PostgreSQL did not start");
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let _ = Command::new("docker").args(["rm", "-f", "-v", &self.0]).output();
    }
}

#[test]
#[cfg_attr(not(testbed), ignore = "needs TESTBED=1")]
fn the_same_service_runs_on_postgresql() {
    let (_postgres, url) = Postgres::start();
    let dir = orders();
    cargo(&dir, &["test", "--locked"], &[("TEST_DATABASE_URL", &url)]);
    runs_restarts_and_drains(&dir, &[("DATABASE_URL", &url)]);
    drop(dir);
    let dir = shop();
    cargo(&dir, &["test", "--locked"], &[("TEST_DATABASE_URL", &url)]);
}
