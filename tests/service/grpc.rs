//! A service by gRPC: it passes its own checks, keeps its contract when it grows, and answers clients of others' make.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use tempfile::TempDir;

use super::{Postgres, ask, passes_its_own_checks};
use crate::support::Msvc;
use crate::support::generated::{Up, cargo};
use crate::support::rpc::call;

/// Fields of every type, with names that are keywords somewhere.
const FIELDS: &str = "fields=code:string:unique:length=3..12:pattern=[A-Z]+-[0-9]+ \
    order:integer:minimum=1:maximum=1000:filter:sort weight:decimal=12,4:minimum=0:filter:sort \
    batch:uuid:filter:sort picked:date:filter:sort contact:string:format=email message:string:length=1..40:filter \
    type:enum=raw,refined:default=raw:filter:sort fragile:boolean:default=false:filter note:text:optional \
    seen:datetime:optional:filter site:string:format=uri:optional extra:json:optional grade:integer:default=3";

/// What comes later: more fields, and entities that refer to each other.
const LATER: [&[&str]; 3] = [
    &["customer", "name:string:length=1..80", "email:string:format=email:unique", "data:json"],
    &[
        "order-line",
        "item:uuid:references=item:filter",
        "customer:uuid:references=customer:optional",
        "whoever_looked_at_it_with_their_own_eye:string:length=1..40:filter:sort",
        "state:enum=open,closed:sort",
    ],
    &["item", "price:decimal=8,2:default=1.5", "label:string:optional:unique", "part_of:uuid:optional:references=item"],
];

fn project() -> (TempDir, PathBuf) {
    let parent = tempfile::tempdir().unwrap();
    let args = ["new", "stock", "--yes", "--template", "grpc", "--set", "entity=item", "--set", FIELDS];
    Msvc::new(parent.path(), &args).run().success();
    let dir = parent.path().join("stock");
    (parent, dir)
}

fn edit(dir: &Path, path: &str, from: &str, to: &str) {
    let text = std::fs::read_to_string(dir.join(path)).unwrap();
    assert!(text.contains(from), "{path} holds no {from:?}:\n{text}");
    std::fs::write(dir.join(path), text.replacen(from, to, 1)).unwrap();
}

const ITEM: &str = "proto/stock/v1/item.proto";

/// Fields and entities come and go; one field of the contract is the user's own.
fn grow(dir: &Path) {
    edit(dir, ITEM, "  optional int64 grade = 23;\n", "  optional int64 grade = 23;\n  string ours = 40;\n");
    edit(dir, "src/item/convert.rs", "code: stored.code,", "code: stored.code,\n            ours: String::new(),");
    for entity in LATER {
        Msvc::new(dir, &[&["add", "entity"], entity].concat()).run().success();
    }
    edit(dir, "msvc.yaml", "      note: { type: text, optional: true }\n", "");
    edit(dir, "msvc.yaml", "values: [raw, refined]", "values: [raw, sold, refined]");
    Msvc::new(dir, &["add", "entity", "item", "--allow-data-loss"]).run().success();
}

fn item(code: &str) -> Value {
    json!({
        "code": code, "order": 7, "weight": "1.25", "batch": "01890a5d-ac96-774b-bcce-b302099a8057",
        "picked": "2026-02-03", "contact": "ada@example.org", "message": "handle with care",
        "seen": "2026-02-03T04:05:06.000007Z", "extra": { "deep": [1, null] },
    })
}

fn answers_as_promised(up: &Up) {
    let ask_for = |method: &str, message: &Value| call(&up.url, &format!("stock.v1.ItemService/{method}"), message);
    let created = ask_for("CreateItem", &json!({ "item": item("AB-1") }))["message"].clone();
    assert_eq!((&created["weight"], &created["type"]), (&json!("1.2500"), &json!("TYPE_RAW")), "{created}");
    assert_eq!((&created["grade"], &created["extra"]), (&json!("3"), &json!({ "deep": [1.0, null] })), "{created}");
    let one = json!({ "id": created["id"] });
    assert_eq!(ask_for("GetItem", &one)["message"], created);
    let list = json!({ "type": "TYPE_RAW", "order_by": "weight desc", "page_size": 1 });
    assert_eq!(ask_for("ListItems", &list)["message"]["items"], json!([created]));
    let mut changed = created.clone();
    changed["type"] = json!("TYPE_SOLD");
    let updated = ask_for("UpdateItem", &json!({ "item": changed }))["message"].clone();
    assert_eq!(updated["type"], json!("TYPE_SOLD"));
    let lines = json!({ "orderLine": { "item": one["id"], "state": "STATE_OPEN", "whoever_looked_at_it_with_their_own_eye": "me" } });
    let line = call(&up.url, "stock.v1.OrderLineService/CreateOrderLine", &lines)["message"].clone();
    assert_eq!(line["item"], one["id"]);

    let wrong = json!({ "code": "ab", "order": 0, "weight": "heavy", "picked": "soon", "contact": "ada" });
    let fields =
        ["batch", "code", "contact", "message", "order", "picked", "weight"].map(|name| format!("item.{name}"));
    for (method, message, code, blamed) in [
        ("UpdateItem", json!({ "item": changed }), "ABORTED", &[][..]),
        ("CreateItem", json!({ "item": item("AB-1") }), "ALREADY_EXISTS", &["code".to_owned()]),
        ("CreateItem", json!({ "item": wrong }), "INVALID_ARGUMENT", &fields),
        ("DeleteItem", one.clone(), "FAILED_PRECONDITION", &[]),
        ("GetItem", json!({ "id": "0195a1b2-c3d4-7e5f-8a6b-000000000000" }), "NOT_FOUND", &[]),
    ] {
        assert_eq!(ask_for(method, &message), json!({ "code": code, "fields": blamed }), "{method}");
    }
    let metrics = ureq::get(format!("{}/metrics", up.management)).call().unwrap().body_mut().read_to_string().unwrap();
    let series = "grpc_service=\"stock.v1.ItemService\",grpc_method=\"UpdateItem\",grpc_code=\"Aborted\"} 1";
    assert!(metrics.contains(series), "{metrics}");
}

#[test]
fn a_grpc_service_grows_keeps_its_numbers_and_passes_its_own_checks() {
    let (_parent, dir) = project();
    grow(&dir);
    insta::assert_snapshot!("grown_contract", std::fs::read_to_string(dir.join(ITEM)).unwrap());
    passes_its_own_checks(&dir);
    let up = Up::start(&dir, &[]);
    assert_eq!(ask(&up.management, "GET", "/readyz", None).0, 200);
    assert_eq!(up.stop(), Some(0));
}

#[test]
#[cfg_attr(not(testbed), ignore = "needs TESTBED=1")]
fn a_grpc_service_answers_foreign_clients_on_both_databases() {
    let (_parent, dir) = project();
    grow(&dir);
    let (_postgres, url) = Postgres::start();
    cargo(&dir, &["test", "--locked"], &[("TEST_DATABASE_URL", &url)]);
    for env in [&[][..], &[("DATABASE_URL", url.as_str())]] {
        let up = Up::start(&dir, env);
        answers_as_promised(&up);
        assert_eq!(up.stop(), Some(0));
    }
}
