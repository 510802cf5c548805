//! The blueprint `shop` alive: its requests, and orders whose services are killed or hung while they are placed.

use std::path::Path;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::{Value, json};

use super::{read, system};
use crate::support::checks::lint_and_test;
use crate::support::generated::cargo;
use crate::support::systems::{SystemUp, requests};

const ALL: [&str; 7] = ["gateway", "inventory", "notifications", "orders", "payments", "products", "users"];
const LAMP: &str = "0197a1b2-c3d4-7e5f-8a6b-000000000001";

/// No order takes longer to come to its end, even on a busy machine.
const PATIENCE: Duration = Duration::from_mins(2);

#[test]
fn orders_are_paid_for_and_delivered_or_leave_nothing_behind() {
    let (_parent, dir) = system("shop", "shop");
    cargo(&dir, &["fmt", "--all", "--check"], &[]);
    lint_and_test(&dir, &["--locked"]);
    let up = SystemUp::start(&dir, &[], &ALL);
    insta::assert_snapshot!("shop", anonymous(&requests(&dir, up.url("gateway"))));

    let customer = Customer::register(&up);
    // A service dies, or stops to answer, just as an order needs it.
    for (service, signal) in [
        ("payments", Signal::SIGKILL),
        ("inventory", Signal::SIGKILL),
        ("payments", Signal::SIGSTOP),
        ("orders", Signal::SIGKILL),
    ] {
        let pid = hit(&dir, service, signal);
        let placed = customer.place();
        if signal == Signal::SIGSTOP {
            kill(pid, Signal::SIGCONT).unwrap();
        }
        // Without the service of orders there is none.
        assert!(placed.is_some() || service == "orders", "{service}");
    }
    let orders = customer.orders();
    assert!(orders.len() >= 3, "{orders:#?}");
    add_up(&up, &customer, &orders);
    let told = get(&format!("{}/notes", up.url("notifications")), "");
    assert!(told[0]["text"].as_str().unwrap().starts_with("Your order "), "{told}");
    assert_eq!(up.stop().0, Some(0));
}

/// The same with names for what differs from run to run.
fn anonymous(text: &str) -> String {
    let mut text = text.to_owned();
    for (pattern, name) in [
        (r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}", "[id]"),
        (r#""(access|refresh)_token":"[^"]*""#, r#""${1}_token":"..""#),
        (r"ada-\d+@", "ada@"),
    ] {
        // The samples have ids of their own.
        let text_of = |found: &regex::Captures<'_>| {
            let is_sample = found[0].starts_with("0197a1b2-c3d4-7e5f-8a6b-");
            let mut expanded = String::new();
            found.expand(name, &mut expanded);
            if is_sample { found[0].to_owned() } else { expanded }
        };
        text = regex::Regex::new(pattern).unwrap().replace_all(&text, text_of).into_owned();
    }
    text
}

/// Sends a signal to a service; to one that was killed just before when it is started again.
pub fn hit(dir: &Path, service: &str, signal: Signal) -> Pid {
    let begun = Instant::now();
    loop {
        let pid = pid(dir, service);
        match kill(pid, signal) {
            Ok(()) => return pid,
            Err(why) => assert!(begun.elapsed() < PATIENCE, "{service}: {why}"),
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// The process of a service.
fn pid(dir: &Path, service: &str) -> Pid {
    let running: Value = serde_json::from_str(&read(dir, ".msvc/run/up.json")).unwrap();
    let processes = running["processes"].as_array().unwrap();
    let process = processes.iter().find(|process| process["service"] == service).unwrap();
    Pid::from_raw(process["pid"].as_i64().unwrap().try_into().unwrap())
}

/// What is stored agrees: each order that is confirmed has its stock and was paid for, and no other one.
fn add_up(up: &SystemUp, customer: &Customer, orders: &[Value]) {
    for order in orders {
        let id = order["id"].as_str().unwrap();
        let state = |service: &str, path: &str| {
            let found = get(&format!("{}/{path}/{id}", up.url(service)), "");
            found["state"].as_str().unwrap_or("none").to_owned()
        };
        let (held, paid) = (state("inventory", "reservations"), state("payments", "payments"));
        if order["status"] == "confirmed" {
            assert_eq!((held.as_str(), paid.as_str()), ("held", "taken"), "{order}");
        } else {
            assert!(held != "held" && paid != "taken", "{held}, {paid}: {order}");
        }
    }
    let confirmed = orders.iter().filter(|order| order["status"] == "confirmed").count();
    let accounts = get(&format!("{}/accounts?customer={}", up.url("payments"), customer.id), "");
    let left = 50_000 - 3990 * confirmed;
    let left = format!("{}.{:02}", left / 100, left % 100);
    // Who never got as far as paying has no account yet.
    if confirmed > 0 {
        assert_eq!(accounts[0]["balance"], left, "{orders:#?}");
    }
    let items = get(&format!("{}/items?product={LAMP}", up.url("inventory")), "");
    // Two of the hundred went with the requests before.
    assert_eq!(items[0]["available"], 98 - confirmed, "{orders:#?}");
}

/// Somebody who buys lamps.
struct Customer {
    id: String,
    gateway: String,
    authorization: String,
}

impl Customer {
    fn register(up: &SystemUp) -> Self {
        let gateway = up.url("gateway").to_owned();
        let credentials = json!({ "email": "grace@example.org", "password": "correct horse" });
        let post = |path: &str| {
            let mut answer = ureq::post(format!("{gateway}{path}")).send_json(&credentials).unwrap();
            answer.body_mut().read_json::<Value>().unwrap()
        };
        let id = post("/register")["id"].as_str().unwrap().to_owned();
        let authorization = format!("Bearer {}", post("/login")["access_token"].as_str().unwrap());
        Self { id, gateway, authorization }
    }

    /// Places an order, if that goes.
    fn place(&self) -> Option<()> {
        let request = ureq::post(format!("{}/place_order", self.gateway));
        let request = request.header("authorization", &self.authorization);
        request.send_json(json!({ "product": LAMP, "quantity": 1 })).ok().map(drop)
    }

    /// The orders, when all have come to their end.
    fn orders(&self) -> Vec<Value> {
        let begun = Instant::now();
        loop {
            let orders = get(&format!("{}/orders", self.gateway), &self.authorization);
            let is_over = |order: &Value| ["confirmed", "cancelled"].contains(&order["status"].as_str().unwrap());
            match orders.as_array() {
                Some(orders) if orders.iter().all(is_over) => return orders.clone(),
                _ => assert!(begun.elapsed() < PATIENCE, "{orders}"),
            }
            std::thread::sleep(Duration::from_millis(100));
        }
    }
}

/// What is there; null if nothing is, or nobody answers.
pub fn get(url: &str, authorization: &str) -> Value {
    let answer = ureq::get(url).header("authorization", authorization).call();
    answer.ok().and_then(|mut answer| answer.body_mut().read_json().ok()).unwrap_or_default()
}
