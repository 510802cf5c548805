//! The shop: orders are placed by customers with tokens, and go through four services.

use std::collections::BTreeSet;
use std::io::Write;
use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::cluster::Deployed;
use crate::load::{key, post, requests};
use crate::systems::{end_all, ids};

const LAMP: &str = "0197a1b2-c3d4-7e5f-8a6b-000000000001";
/// More than can be sold, so that orders fail for want of money only.
const STOCK: i64 = 1_000_000;
/// Each begins with 500.00, and every second one gets more: the orders of the others are refused in the end.
const CUSTOMERS: usize = 20;
const MORE: u32 = 1_000_000;

fn set_key(system: &Deployed) {
    let mut set = system.msvc(&["secret", "set", "JWT_KEYS"]).command().stdin(Stdio::piped()).spawn().unwrap();
    let key = format!("first:{}=", "A".repeat(43));
    set.stdin.take().unwrap().write_all(key.as_bytes()).unwrap();
    assert!(set.wait().unwrap().success());
}

/// The tokens of customers who have registered.
fn customers(entrance: &str) -> Vec<String> {
    let customer = |number: usize| {
        let account = json!({ "email": format!("customer{number}@example.org"), "password": "correct horse" });
        post(&format!("{entrance}/register"), &[], &account, &[201]).unwrap();
        let tokens: Value = post(&format!("{entrance}/login"), &[], &account, &[200]).unwrap();
        format!("Bearer {}", tokens["access_token"].as_str().unwrap())
    };
    (0..CUSTOMERS).map(customer).collect()
}

#[test]
fn shop_loses_no_order_and_charges_none_twice_whichever_pods_end() {
    let system = Deployed::new("shop");
    system.fill(&["products", "inventory"]);
    set_key(&system);
    system.deploy();
    system.query("inventory", &format!("UPDATE items SET available = {STOCK} WHERE product = '{LAMP}'"));
    let entrance = system.address("gateway");
    let tokens = customers(&entrance);
    let url = format!("{entrance}/place_order");
    let order = |customer: usize, key: &str| {
        let headers = [("authorization", tokens[customer].as_str()), ("idempotency-key", key)];
        post(&url, &headers, &json!({ "product": LAMP, "quantity": 1 }), &[201])
    };
    // An account is opened by the first order.
    let first: Vec<Value> = (0..CUSTOMERS).map(|customer| order(customer, &key()).unwrap()).collect();
    for order in first.iter().step_by(2) {
        let customer = order["customer"].as_str().unwrap();
        let more = format!("UPDATE accounts SET balance = balance + {MORE} WHERE customer = '{customer}'");
        system.query("payments", &more);
    }
    let services = ["orders", "payments", "inventory", "products", "users", "notifications", "gateway"];
    let any = |key: &str| order(usize::from_str_radix(&key[..4], 16).unwrap() % CUSTOMERS, key);
    let mut seen = requests(any, || end_all(&system, &services));
    seen.answers.extend(first);
    let answered = ids(&seen, |order| order["id"].as_str().unwrap().to_owned());

    all_orders_end(&system);
    let orders = rows(&system, "orders", "SELECT id, status, total FROM orders");
    assert_eq!(orders.iter().map(|order| order[0].clone()).collect::<BTreeSet<_>>(), answered);
    let confirmed: Vec<_> = orders.iter().filter(|order| order[1] == "confirmed").collect();
    println!("{} of {} orders confirmed, the others cancelled", confirmed.len(), orders.len());
    assert!(!confirmed.is_empty());

    // Each confirmed order is paid once, and nothing else is.
    let mut paid = rows(&system, "payments", "SELECT order_id, amount FROM payments WHERE state = 'taken'");
    let mut due: Vec<Vec<String>> = confirmed.iter().map(|order| vec![order[0].clone(), order[2].clone()]).collect();
    paid.sort();
    due.sort();
    assert_eq!(paid, due);
    let taken = "SELECT customer AS who, sum(amount) AS taken FROM payments WHERE state = 'taken' GROUP BY customer";
    let wrong = format!(
        "SELECT customer, balance, taken FROM accounts LEFT JOIN ({taken}) AS t ON who = customer WHERE balance + \
         coalesce(taken, 0) NOT IN (500, 500 + {MORE})"
    );
    assert_eq!(system.query("payments", &wrong), "", "what accounts lack is what was taken");

    // Stock is held for each confirmed order, and for no other.
    let held = "SELECT count(*) FROM reservations WHERE state = 'held'";
    assert_eq!(system.query("inventory", held), confirmed.len().to_string());
    let left = format!("SELECT available FROM items WHERE product = '{LAMP}'");
    let left: i64 = system.query("inventory", &left).parse().unwrap();
    assert_eq!(STOCK - left, i64::try_from(confirmed.len()).unwrap());

    // Who ordered was told of it once.
    let since = Instant::now();
    let notes = || system.query("notifications", "SELECT count(*) FROM notes").parse::<usize>().unwrap();
    while notes() < orders.len() {
        assert!(since.elapsed() < Duration::from_mins(2), "{} notes", notes());
        std::thread::sleep(Duration::from_secs(1));
    }
    assert_eq!(notes(), orders.len());
    system.msvc(&["delete", "--yes"]).run().success();
}

/// Orders whose process was killed are taken up by another one.
fn all_orders_end(system: &Deployed) {
    let open = "SELECT count(*) FROM orders WHERE status NOT IN ('confirmed', 'cancelled')";
    let since = Instant::now();
    loop {
        let open = system.query("orders", open);
        if open == "0" {
            return;
        }
        assert!(since.elapsed() < Duration::from_mins(3), "{open} orders are open");
        std::thread::sleep(Duration::from_secs(1));
    }
}

fn rows(system: &Deployed, service: &str, sql: &str) -> Vec<Vec<String>> {
    system.query(service, sql).lines().map(|line| line.split('|').map(str::to_owned).collect()).collect()
}
