//! The generated service: it passes its own checks, and answers as it promises.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::generated::{Up, cargo};
use crate::support::{Msvc, tool};

/// Fields of the first entity, with names that SQL and Rust keep for themselves.
const FIRST_FIELDS: &str = "code:string:unique:length=3..12:pattern=[A-Z]+-[0-9]+ \
    order:integer:minimum=1:maximum=1000:filter:sort weight:decimal=12,4:minimum=0:filter:sort \
    batch:uuid:filter:sort picked:date:filter:sort contact:string:format=email user:string:length=1..40:filter";

/// Those that it gets later: with them it has one of every type and modifier.
const LATER_FIELDS: [&str; 11] = [
    "type:enum=raw,refined:default=raw:filter:sort",
    "fragile:boolean:default=false:filter",
    "note:text:optional",
    "seen:datetime:optional:filter",
    "site:string:format=uri:optional",
    "extra:json:optional",
    "grade:integer:default=3",
    "price:decimal=8,2:default=1.5",
    "label:string:optional:unique",
    "mistake:integer:default=7:sort",
    "part_of:uuid:optional:references=item:filter",
];

/// More entities, added one after the other.
const LATER_ENTITIES: [&[&str]; 4] = [
    &["customer", "name:string:length=1..80", "email:string:format=email:unique", "born:date:optional", "data:json"],
    &[
        "order-line",
        "item:uuid:references=item:filter",
        "count:integer:minimum=1",
        "price:decimal=10,2",
        "state:enum=open,closed:default=open",
    ],
    &["box10", "open:boolean", "packed:datetime:sort", "site:string:format=uri", "note:text:optional:length=..2000"],
    &["box9", "code:string:pattern=[a-z]+:unique", "since:date:default=2026-01-02:sort", "rate:decimal=6,3:maximum=99"],
];

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
    let mut args = vec!["new", name, "--yes"];
    args.extend(settings.iter().flat_map(|s| ["--set", s]));
    Msvc::new(parent.path(), &args).run().success();
    let dir = parent.path().join(name);
    (parent, dir)
}

/// The service that this msvc.yaml declares.
fn shop() -> (TempDir, PathBuf) {
    let parent = tempfile::tempdir().unwrap();
    let templates = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
    for template in ["rest", "chassis"] {
        let copied = Command::new("cp").arg("-r").args([&templates.join(template), parent.path()]).status().unwrap();
        assert!(copied.success());
    }
    std::fs::write(parent.path().join("rest/msvc.yaml.tera"), SHOP).unwrap();
    Msvc::new(parent.path(), &["new", "shop", "--yes", "--template", "./rest"]).run().success();
    let dir = parent.path().join("shop");
    (parent, dir)
}

fn passes_its_own_checks(dir: &Path) {
    cargo(dir, &["fmt", "--check"], &[]);
    cargo(dir, &["test", "--locked"], &[]);
    cargo(dir, &["clippy", "--locked", "--all-targets", "--", "-D", "warnings"], &[]);
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
    let (_parent, dir) = project("orders", &[]);
    passes_its_own_checks(&dir);
    runs_restarts_and_drains(&dir, &[]);
}

/// An item as a client sends it, of the first fields only.
fn item(code: &str) -> Value {
    json!({
        "code": code, "order": 7, "weight": "1.2500", "batch": "01890a5d-ac96-774b-bcce-b302099a8057",
        "picked": "2026-02-03", "contact": "ada@example.org", "user": "ada",
    })
}

fn create(up: &Up, path: &str, body: &Value) -> Value {
    let (status, _, created) = ask(&up.url, "POST", path, Some((JSON, &body.to_string())));
    assert_eq!(status, 201, "{created}");
    for (field, value) in body.as_object().unwrap() {
        assert_eq!(&created[field], value, "{field}");
    }
    created
}

/// Changes a file as a user would with an editor.
fn edit(dir: &Path, path: &str, from: &str, to: &str) {
    let text = std::fs::read_to_string(dir.join(path)).unwrap();
    assert!(text.contains(from), "{path} holds no {from:?}:\n{text}");
    std::fs::write(dir.join(path), text.replacen(from, to, 1)).unwrap();
}

/// What somebody does to a service of their own between two additions.
fn edit_by_hand(dir: &Path) {
    let edit = |path: &str, from: &str, to: &str| edit(dir, path, from, to);
    edit("src/lib.rs", "pub mod item;\n", "pub mod item;\npub mod own;\n");
    std::fs::write(dir.join("src/own.rs"), "//! Ours.\n\n/// Kept.\npub const KEPT: &str = \"kept\";\n").unwrap();
    edit(
        "src/main.rs",
        "    metrics::init();\n",
        "    metrics::init();\n    tracing::info!(own = order_stock::own::KEPT);\n",
    );
    edit(
        "tests/it/every_route.rs",
        "let service = Service::start().await;",
        "assert_eq!(order_stock::own::KEPT, \"kept\");\n    let service = Service::start().await;",
    );
    // The template will need it too, and add it elsewhere.
    edit("Cargo.toml", "serde = { workspace = true }\n", "serde = { workspace = true }\nserde_json = \"1\" # ours\n");
    edit("msvc.yaml", "entities:\n", "# What lies on our shelves.\nentities:\n");
    for database in ["sqlite", "postgres"] {
        let sql = "CREATE INDEX ours ON items (\"user\");\n";
        std::fs::write(dir.join(format!("migrations/{database}/0002_ours.sql")), sql).unwrap();
    }
}

fn add_entity(dir: &Path, args: &[&str]) {
    Msvc::new(dir, &[&["add", "entity"], args].concat()).run().success();
}

/// Every type and modifier: in the first entity, in fields that it gets when it holds data, and in entities that are
/// added one after the other to code with hand-made edits.
#[test]
fn a_service_grows_by_every_field_type_and_modifier_and_keeps_edits_and_data() {
    let postgres = cfg!(testbed).then(Postgres::start);
    let url = postgres.as_ref().map(|(_, url)| [("DATABASE_URL", url.as_str())]);
    let databases: Vec<&[(&str, &str)]> = std::iter::once(&[][..]).chain(url.as_ref().map(|url| &url[..])).collect();
    let fields = format!("fields={FIRST_FIELDS}");
    let (_parent, dir) = project("order-stock", &["entity=item", &fields, "port=8000"]);
    let mut early = Vec::new();
    for env in &databases {
        let up = Up::start(&dir, env);
        early.push(create(&up, "/items", &item("AB-1")));
        assert_eq!(up.stop(), Some(0));
    }

    edit_by_hand(&dir);
    for entity in LATER_ENTITIES {
        add_entity(&dir, entity);
    }
    add_entity(&dir, &[&["item"], &LATER_FIELDS[..]].concat());
    change_columns(&dir);
    passes_its_own_checks(&dir);
    if let Some((_, url)) = &postgres {
        cargo(&dir, &["test", "--locked"], &[("TEST_DATABASE_URL", url)]);
    }
    let text = |path: &str| std::fs::read_to_string(dir.join(path)).unwrap();
    assert!(
        text("Cargo.toml").contains("serde_json = \"1\" # ours\n") && text("src/lib.rs").contains("pub mod own;\n")
    );
    assert!(text("msvc.yaml").contains("# What lies on our shelves.\n"));
    for (env, early) in databases.iter().zip(early) {
        let up = Up::start(&dir, env);
        has_kept_and_checks(&up, &early);
        assert_eq!(up.stop(), Some(0));
    }
}

/// Changes of columns that hold data: wider rules keep it, and what is dropped needs a word.
fn change_columns(dir: &Path) {
    edit(dir, "msvc.yaml", "values: [raw, refined]", "values: [raw, refined, sold]");
    edit(
        dir,
        "msvc.yaml",
        "seen: { type: datetime, optional: true, filter: true }",
        "seen: { type: datetime, default: '2026-01-02T03:04:05+01:00', filter: true }",
    );
    edit(
        dir,
        "msvc.yaml",
        "picked: { type: date, filter: true, sort: true }",
        "picked: { type: date, optional: true, filter: true }",
    );
    edit(dir, "msvc.yaml", "length: 1..40, filter: true }", "length: 1..40, filter: true, sort: true }");
    edit(dir, "msvc.yaml", "      mistake: { type: integer, default: 7, sort: true }\n", "");
    let refused = Msvc::new(dir, &["add", "entity", "item"]).run();
    assert!(refused.code == Some(2) && refused.stderr.contains("--allow-data-loss"), "{refused}");
    add_entity(dir, &["item", "--allow-data-loss"]);
}

fn has_kept_and_checks(up: &Up, early: &Value) {
    let (_, _, kept) = ask(&up.url, "GET", &format!("/items/{}", early["id"].as_str().unwrap()), None);
    let mut expected = early.clone();
    for (field, value) in
        [("type", json!("raw")), ("fragile", json!(false)), ("grade", json!(3)), ("price", json!("1.50"))]
    {
        expected[field] = value;
    }
    for absent in ["note", "site", "extra", "label", "part_of"] {
        expected[absent] = Value::Null;
    }
    expected["seen"] = json!("2026-01-02T02:04:05.000000Z");
    assert_eq!(kept, expected, "what was stored before the table had these columns");

    let mut new = item("AB-2");
    new["extra"] = json!({"deep": [1, null]});
    new["label"] = json!("one");
    new["type"] = json!("sold");
    new["part_of"] = early["id"].clone();
    let created = create(up, "/items", &new);
    assert_eq!((&created["fragile"], &created["grade"]), (&json!(false), &json!(3)));
    new["code"] = json!("AB-3");
    let (status, _, problem) = ask(&up.url, "POST", "/items", Some((JSON, &new.to_string())));
    assert_eq!(status, 409, "a second item with the same unique label: {problem}");
    let (status, _, problem) = ask(&up.url, "POST", "/items", Some((JSON, &item("AB-1").to_string())));
    assert_eq!(status, 409, "a second item with the same unique code: {problem}");
    let found = |query: &str| ask(&up.url, "GET", &format!("/items?{query}"), None);
    assert_eq!(found("type=raw&user=ada&weight=1.25&sort=-order").2, json!([kept]));
    let parts = format!("part_of={}&fragile=false&seen=2026-01-02T02:04:05Z&sort=-user", early["id"].as_str().unwrap());
    assert_eq!(found(&parts).2, json!([created]));
    assert_eq!(found("type=refined&sort=created_at").2, json!([]));
    let (status, _, problem) = found("sort=note&weight=heavy&site=x");
    let blamed: Vec<&Value> = problem["errors"].as_array().unwrap().iter().map(|error| &error["field"]).collect();
    assert_eq!((status, blamed), (400, vec![&json!("sort"), &json!("weight"), &json!("site")]));
    let mut wrong = item("ab");
    for (field, value) in [
        ("order", "many"),
        ("weight", "-1"),
        ("batch", "1"),
        ("picked", "03.02.2026"),
        ("contact", "ada"),
        ("type", "odd"),
    ] {
        wrong[field] = json!(value);
    }
    let (status, _, problem) = ask(&up.url, "POST", "/items", Some((JSON, &wrong.to_string())));
    assert_eq!(status, 400);
    for field in ["code", "order", "weight", "batch", "picked", "contact", "type"] {
        assert!(problem.to_string().contains(field), "no entry for {field}: {problem}");
    }
    create(up, "/order-lines", &json!({"item": early["id"], "count": 2, "price": "3.50"}));
}

#[test]
fn entities_that_refer_to_each_other_work() {
    let (_parent, dir) = shop();
    passes_its_own_checks(&dir);
    let read = |path: &str| std::fs::read_to_string(dir.join(path)).unwrap();
    // Tables are made in the order in which they refer to each other.
    insta::assert_snapshot!("payments_table", read("migrations/postgres/0003_create_payments.sql"));
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
struct Postgres(String);

impl Postgres {
    fn start() -> (Self, String) {
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
    let (_parent, dir) = project("orders", &[]);
    cargo(&dir, &["test", "--locked"], &[("TEST_DATABASE_URL", &url)]);
    runs_restarts_and_drains(&dir, &[("DATABASE_URL", &url)]);
    let (_parent, dir) = shop();
    cargo(&dir, &["test", "--locked"], &[("TEST_DATABASE_URL", &url)]);
}
