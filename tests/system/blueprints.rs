//! The blueprints alive: generated, built, run by `msvc up`, asked for all that they promise.

use std::path::Path;
use std::process::Command;

use serde_json::json;

use super::system;
use crate::support::Msvc;
use crate::support::checks::lint_and_test;
use crate::support::generated::cargo;
use crate::support::rpc;
use crate::support::systems::{SystemUp, requests};

fn passes_its_own_checks(dir: &Path) {
    cargo(dir, &["fmt", "--all", "--check"], &[]);
    lint_and_test(dir, &["--locked"]);
}

#[test]
fn users_and_orders_answer_behind_their_gateway() {
    let (_parent, dir) = system("users-orders", "users-orders");
    // What the blueprint promises holds for a system that has grown, too; so it is built once.
    let entity = ["add", "entity", "review", "user_id:integer:references=users/user", "text:string:optional"];
    Msvc::new(&dir.join("services/orders"), &entity).run().success();
    passes_its_own_checks(&dir);
    let up = SystemUp::start(&dir, &[], &["gateway", "orders", "users"]);
    insta::assert_snapshot!("users_orders", requests(&dir, up.url("gateway")));
    reviews_are_of_users_that_exist(&up);
    for name in ["orders", "users"] {
        assert!(dir.join(format!("services/{name}/data/{name}.db")).is_file(), "{name} has a database of its own");
    }
    let (code, stopped) = up.stop();
    assert_eq!(code, Some(0));
    assert_eq!(stopped[0], "gateway", "who uses others ends before them");
    // One alone, with its data from before; what it does not use is left out.
    let up = SystemUp::start(&dir, &["users"], &["users"]);
    assert_eq!(up.running(), ["users"]);
    let user = ureq::get(format!("{}/users/1", up.url("users"))).call().unwrap().body_mut().read_to_string().unwrap();
    assert!(user.contains("Ada Lovelace"), "{user}");
    assert_eq!(up.stop().0, Some(0));
}

#[test]
fn orders_are_placed_over_grpc_and_over_http() {
    let (_parent, dir) = system("orders-grpc", "orders-grpc");
    // Two more, one of each kind, ask it what there is.
    for (template, name, entity) in [("rest", "invoices", "invoice"), ("grpc", "refunds", "refund")] {
        let set = [format!("entity={entity}"), "fields=order_id:integer:references=orders/order".to_owned()];
        let args = ["new", name, "--yes", "--template", template, "--set", &set[0], "--set", &set[1]];
        Msvc::new(&dir, &args).run().success();
    }
    passes_its_own_checks(&dir);
    let up = SystemUp::start(&dir, &[], &["gateway", "invoices", "orders", "refunds"]);
    insta::assert_snapshot!("orders_grpc", requests(&dir, up.url("gateway")));
    // The same by the contract that clients of another make have compiled in.
    let order = json!({ "customer_id": "alan", "product_id": "chair", "quantity": 4 });
    assert_eq!(rpc::call(up.url("orders"), "order.Order/PlaceOrder", &order)["message"]["order_id"], 3);
    invoices_and_refunds_are_of_orders_that_exist(&up);
    assert_eq!(up.stop().0, Some(0));
}

/// One service asks the other, by its typed client.
fn reviews_are_of_users_that_exist(up: &SystemUp) {
    refers(&format!("{}/reviews", up.url("orders")), "user_id");
}

/// The same by gRPC.
fn invoices_and_refunds_are_of_orders_that_exist(up: &SystemUp) {
    refers(&format!("{}/invoices", up.url("invoices")), "order_id");
    let refund = |order: u32| {
        let message = json!({ "refund": { "order_id": order } });
        rpc::call(up.url("refunds"), "refunds.v1.RefundService/CreateRefund", &message)
    };
    let refused = refund(4711);
    assert_eq!(refused, json!({ "code": "INVALID_ARGUMENT", "fields": ["refund.order_id"] }));
    let created = refund(1);
    assert_eq!(created["message"]["id"].as_str().map(str::len), Some(36), "{created}");
}

/// A record can be made that refers to the first one of another service, but none to one that is not there.
fn refers(url: &str, field: &str) {
    let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
    let make = |id: u32| {
        let mut response = agent.post(url).send_json(json!({ field: id })).unwrap();
        (response.status().as_u16(), response.body_mut().read_json::<serde_json::Value>().unwrap())
    };
    let (status, problem) = make(4711);
    assert_eq!((status, &problem["errors"][0]["field"]), (422, &field.into()), "{problem}");
    let (status, created) = make(1);
    assert_eq!((status, &created[field]), (201, &1.into()), "{created}");
}

/// Applies all migrations but the last, as the service would have, to a database with an order.
const BEFORE: &str = r"
import glob, hashlib, os, sqlite3
os.makedirs('data')
database = sqlite3.connect('data/orders.db')
database.execute('''CREATE TABLE _sqlx_migrations (version BIGINT PRIMARY KEY, description TEXT NOT NULL,
    installed_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP, success BOOLEAN NOT NULL, checksum BLOB NOT NULL,
    execution_time BIGINT NOT NULL)''')
for file in sorted(glob.glob('migrations/sqlite/*'))[:-1]:
    text = open(file).read()
    database.executescript(text)
    version, description = os.path.basename(file)[:-4].split('_', 1)
    database.execute('INSERT INTO _sqlx_migrations VALUES (?, ?, CURRENT_TIMESTAMP, true, ?, 1)',
        (int(version), description.replace('_', ' '), hashlib.sha384(text.encode()).digest()))
database.execute('''INSERT INTO orders (user, amount, status, created_at)
    VALUES ('ada', 1990, 'paid', '2024-02-03T04:05:06.000007Z')''')
database.commit()
";

#[test]
fn the_order_service_answers_and_keeps_what_was_there_before_it_grew() {
    let (_parent, dir) = system("order-service", "order-service");
    passes_its_own_checks(&dir);
    let up = SystemUp::start(&dir, &[], &["orders"]);
    insta::assert_snapshot!("order_service", requests(&dir, up.url("orders")));
    assert_eq!(up.stop().0, Some(0));

    let service = dir.join("services/orders");
    std::fs::remove_dir_all(service.join("data")).unwrap();
    let made = Command::new("python3").args(["-c", BEFORE]).current_dir(&service).status().unwrap();
    assert!(made.success());
    let up = SystemUp::start(&dir, &[], &["orders"]);
    let url = format!("{}/api/orders/1", up.url("orders"));
    let order = ureq::get(url).call().unwrap().body_mut().read_to_string().unwrap();
    insta::assert_snapshot!("order_from_before", order);
    assert_eq!(up.stop().0, Some(0));
}
