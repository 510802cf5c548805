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
    passes_its_own_checks(&dir);
    let up = SystemUp::start(&dir, &[], &["gateway", "orders"]);
    insta::assert_snapshot!("orders_grpc", requests(&dir, up.url("gateway")));
    // The same by the contract that clients of another make have compiled in.
    let order = json!({ "customer_id": "alan", "product_id": "chair", "quantity": 4 });
    assert_eq!(rpc::call(up.url("orders"), "order.Order/PlaceOrder", &order)["message"]["order_id"], 3);
    assert_eq!(up.stop().0, Some(0));
}

/// One service asks the other, by its typed client.
fn reviews_are_of_users_that_exist(up: &SystemUp) {
    let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
    let review = |user: u32| {
        let body = json!({ "user_id": user });
        let mut response = agent.post(format!("{}/reviews", up.url("orders"))).send_json(body).unwrap();
        (response.status().as_u16(), response.body_mut().read_json::<serde_json::Value>().unwrap())
    };
    let (status, problem) = review(4711);
    assert_eq!((status, &problem["errors"][0]["field"]), (422, &"user_id".into()), "{problem}");
    let (status, created) = review(1);
    assert_eq!((status, &created["user_id"]), (201, &1.into()), "{created}");
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
