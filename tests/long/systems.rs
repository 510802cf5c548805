//! The blueprints deployed, and what their databases hold after their pods were killed.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::cluster::{Deployed, End};
use crate::load::{Seen, post, requests};

/// Ends all pods of these services, in both ways.
pub fn end_all(system: &Deployed, services: &[&str]) {
    for service in services {
        for how in [End::Deleted, End::Killed] {
            eprintln!("the pods of {service} are {how:?}");
            system.end_each(service, how);
        }
    }
}

/// What was answered: the ids, each of which was given once.
pub fn ids(seen: &Seen, id: impl Fn(&Value) -> String) -> BTreeSet<String> {
    println!("{} orders, {} requests repeated", seen.answers.len(), seen.repeated);
    let ids: BTreeSet<String> = seen.answers.iter().map(id).collect();
    assert_eq!(ids.len(), seen.answers.len(), "an id was given twice");
    assert!(ids.len() > 100, "{}", ids.len());
    ids
}

fn stored(system: &Deployed) -> BTreeSet<String> {
    system.query("orders", "SELECT id FROM orders").lines().map(str::to_owned).collect()
}

#[test]
fn users_orders_loses_no_order_whichever_pods_end() {
    let system = Deployed::new("users-orders");
    system.three("orders");
    system.deploy();
    let url = format!("{}/orders", system.address("gateway"));
    let order = |key: &str| {
        let body = json!({ "user_id": 1, "product": key, "quantity": 2 });
        post(&url, &[("idempotency-key", key)], &body, &[201])
    };
    let seen = requests(order, || end_all(&system, &["orders", "users", "gateway"]));
    let answered = ids(&seen, |order| order["id"].to_string());
    assert_eq!(stored(&system), answered, "none lost, none twice");
    system.msvc(&["delete", "--yes"]).run().success();
}

#[test]
fn orders_grpc_loses_no_order_whichever_pods_end() {
    let system = Deployed::new("orders-grpc");
    system.three("orders");
    system.deploy();
    let url = format!("{}/place_order", system.address("gateway"));
    let order = |key: &str| {
        let body = json!({ "customer_id": "ada", "product_id": key, "quantity": 2 });
        post(&url, &[], &body, &[200])
    };
    let seen = requests(order, || end_all(&system, &["orders", "gateway"]));
    let answered = ids(&seen, |order| order["order_id"].to_string());
    let stored = stored(&system);
    assert!(stored.is_superset(&answered), "lost: {:?}", answered.difference(&stored));
    // PlaceOrder knows no keys: who repeats a call that was not answered may order twice.
    assert!(stored.len() - answered.len() <= seen.repeated as usize, "{} stored", stored.len());
    system.msvc(&["delete", "--yes"]).run().success();
}
