//! `msvc up --watch`: what changed is built and started anew, and nothing else is.

use nix::sys::signal::Signal;

use crate::support::fakes::{System, all_ready, main_that_says, ready};
use crate::support::running::Running;
use crate::support::service::{get, runs};

fn pid(system: &System, service: &str) -> u64 {
    let text = std::fs::read_to_string(system.dir().join(".msvc/run/up.json")).unwrap();
    let record: serde_json::Value = serde_json::from_str(&text).unwrap();
    let processes = record["processes"].as_array().unwrap();
    processes.iter().find(|process| process["service"] == service).unwrap()["pid"].as_u64().unwrap()
}

#[test]
fn only_what_changed_is_started_anew() {
    let system = System::new(&[("orders", "uses: [users]"), ("users", "")]);
    system.write("crates/greeting/Cargo.toml", "[package]\nname = \"greeting\"\nedition = \"2024\"\n");
    system.write("crates/greeting/src/lib.rs", "pub const TEXT: &str = \"hello\";\n");
    system.write(
        "services/orders/Cargo.toml",
        &(package("orders") + "greeting = { path = \"../../crates/greeting\" }\n"),
    );
    system.write("services/orders/src/main.rs", &main_that_says("greeting::TEXT"));
    let mut up = Running::start(system.up(&["--watch"]).command());
    let users = ready(&mut up, "users");
    let orders = ready(&mut up, "orders");
    let before = [pid(&system, "users"), pid(&system, "orders")];
    assert!(get(&orders).unwrap().ends_with("hello"));

    // Its own source.
    system.write("services/users/src/main.rs", &main_that_says("\"changed\""));
    up.wait_for("users: rebuilt, starting it again");
    assert_eq!(ready(&mut up, "users"), users, "its port stays");
    assert!(get(&users).unwrap().ends_with("changed"));
    assert!(!runs(before[0]));
    assert_eq!(pid(&system, "orders"), before[1]);

    // A crate that only one of them has.
    let between = pid(&system, "users");
    system.write("crates/greeting/src/lib.rs", "pub const TEXT: &str = \"welcome\";\n");
    up.wait_for("orders: rebuilt, starting it again");
    ready(&mut up, "orders");
    assert!(get(&orders).unwrap().ends_with("welcome"));
    assert_eq!(pid(&system, "users"), between);

    // Settings of this machine, and a declaration, which only a new `up` reads.
    system.write("services/users/.env", "GREETING=hi\n");
    up.wait_for("users: .env changed, starting it again");
    ready(&mut up, "users");
    system.write("services/orders/msvc.yaml", "not read before the next run");
    up.wait_for("services/orders/msvc.yaml changed: the next `msvc up` goes by it");

    up.signal(Signal::SIGINT);
    assert_eq!(up.end(), Some(0), "{}", up.seen);
    let orders_again = up.seen.matches("↻ orders").count();
    assert_eq!((orders_again, up.seen.matches("↻ users").count()), (1, 2), "{}", up.seen);
}

#[test]
fn what_does_not_build_leaves_the_old_one_running() {
    let system = System::new(&[("orders", ""), ("users", "")]);
    let mut up = Running::start(system.up(&["--watch"]).command());
    let urls = all_ready(&mut up, ["orders", "users"]);
    let before = pid(&system, "orders");
    system.write("services/users/src/main.rs", &main_that_says("\"changed\""));
    system.write("services/orders/src/main.rs", "fn main() { let port: u16 = \"8080\"; }");
    up.wait_for("shop does not build; what ran before goes on");
    up.wait_for("error[E0308]: mismatched types");
    // The other one does.
    up.wait_for("users: rebuilt, starting it again");
    ready(&mut up, "users");
    assert!(get(&urls[0]).unwrap().ends_with("hello"));
    assert!(get(&urls[1]).unwrap().ends_with("changed"));
    assert_eq!(pid(&system, "orders"), before);

    system.write("services/orders/src/main.rs", &main_that_says("\"mended\""));
    up.wait_for("orders: rebuilt, starting it again");
    ready(&mut up, "orders");
    assert!(get(&urls[0]).unwrap().ends_with("mended"));
    // One that builds and does not start is tried again, and replaced as soon as it changes.
    system.write("services/orders/src/main.rs", "fn main() { panic!(\"not yet\") }");
    up.wait_for("orders ended by itself (exit status: 101); starting it again in 1 s");
    system.write("services/orders/src/main.rs", &main_that_says("\"well\""));
    ready(&mut up, "orders");
    assert!(get(&urls[0]).unwrap().ends_with("well"));
    up.signal(Signal::SIGINT);
    assert_eq!(up.end(), Some(0), "{}", up.seen);
}

fn package(name: &str) -> String {
    format!("[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[dependencies]\n")
}
