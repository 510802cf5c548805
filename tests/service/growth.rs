//! A service that grows: fields and entities come to one that runs, holds data and was edited by hand.

use std::path::Path;

use serde_json::{Value, json};

use super::{JSON, Postgres, ask, passes_its_own_checks, project};
use crate::support::Msvc;
use crate::support::generated::{Up, cargo};

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
        std::fs::write(dir.join(format!("migrations/{database}/0003_ours.sql")), sql).unwrap();
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
