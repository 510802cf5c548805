//! A system begins empty; services are added, extended, and made to use each other.

use std::process::Command;

use super::{files, read, system};
use crate::support::Msvc;

/// What its files are, with the chassis and what templates make of a service left out.
fn outline(dir: &std::path::Path) -> String {
    let all = files(dir).into_iter().filter(|path| !path.starts_with("crates/chassis/src") && !path.contains("/src/"));
    all.map(|path| path + "\n").collect()
}

#[test]
fn a_system_begins_empty_and_grows() {
    let (_parent, dir) = system("shop", "empty");
    let empty = outline(&dir);
    let first = Msvc::new(&dir, &["new", "orders", "--yes"]).run().success();
    let below = dir.join("services/orders/src");
    let second = Msvc::new(&below, &["new", "users", "--yes", "--set", "entity=user"]).run().success();
    insta::assert_snapshot!(format!(
        "{empty}---\n{}{}---\n{}---\n{}---\n{}",
        first.transcript(),
        second.transcript(),
        outline(&dir),
        read(&dir, "Cargo.toml"),
        read(&dir, "README.md")
    ));
    // What was committed is what `new` wrote, and nothing of msvc's own lies around.
    let untracked = Command::new("git").args(["status", "--short"]).current_dir(&dir).output().unwrap();
    assert!(!String::from_utf8(untracked.stdout).unwrap().contains("run"));
    metadata_is_locked(&dir);
}

/// The lock is what cargo would make of the workspace.
fn metadata_is_locked(dir: &std::path::Path) {
    let args = ["metadata", "--locked", "--offline", "--quiet", "--format-version", "1"];
    let output = Command::new(env!("CARGO")).args(args).current_dir(dir).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn a_service_is_extended_within_its_system() {
    let (_parent, dir) = system("shop", "empty");
    Msvc::new(&dir, &["new", "orders", "--yes"]).run().success();
    Msvc::new(&dir, &["new", "users", "--yes", "--set", "entity=user"]).run().success();
    let orders = dir.join("services/orders");
    // What waits in another service's msvc.yaml is not brought along.
    let users = read(&dir, "services/users/msvc.yaml").replace("status:", "standing:");
    std::fs::write(dir.join("services/users/msvc.yaml"), &users).unwrap();
    let entity = Msvc::new(&orders, &["add", "entity", "note", "text:text", "day:date"]).run().success();
    assert_eq!(read(&dir, "services/users/msvc.yaml"), users);
    let again = Msvc::new(&orders, &["add", "entity", "note"]).run().success();
    let dependency = Msvc::new(&dir, &["add", "dependency", "users", "--service", "orders"]).run().success();
    let twice = Msvc::new(&orders, &["add", "dependency", "users"]).run().success();
    insta::assert_snapshot!([entity, again, dependency, twice].map(|output| output.transcript()).join("---\n"));
    assert!(read(&orders, "msvc.yaml").contains("uses: [users]\n"));
    metadata_is_locked(&dir);
}

#[test]
fn services_call_each_other_by_clients_that_follow_the_contract() {
    let (_parent, dir) = system("shop", "empty");
    Msvc::new(&dir, &["new", "users", "--yes", "--set", "entity=user", "--set", "port=8081"]).run().success();
    let caller = Msvc::new(&dir, &["new", "orders", "--yes", "--set", "uses=users"]).run().success();
    let worker = ["new", "mails", "--yes", "--template", "worker", "--set", "uses=users"];
    let unheard = Msvc::new(&dir, &[&worker[..], &["--set", "subscribes=order.created"]].concat()).run();
    let taken = Msvc::new(&dir, &["new", "users-client", "--yes"]).run();
    let client = dir.join("crates/users-client/src/lib.rs");
    // What is written by hand into a client stays there.
    let text = std::fs::read_to_string(&client).unwrap() + "\n// Mine.\n";
    std::fs::write(&client, text).unwrap();
    let users = dir.join("services/users");
    let grown = Msvc::new(&users, &["add", "entity", "team", "name:string"]).run().success();
    // A route of one's own is in the client once it is in the committed document.
    let document = read(&users, "openapi.json").replacen("\"/users\"", "\"/people\"", 1);
    std::fs::write(users.join("openapi.json"), document).unwrap();
    let args = ["add", "dependency", "users", "--service", "orders"];
    let followed = Msvc::new(&dir, &args).run().success();
    let nothing = Msvc::new(&dir, &args).run().success();

    let told = [caller, unheard, taken, grown, followed, nothing].map(|output| output.transcript()).join("---\n");
    let text = read(&dir, "crates/users-client/src/lib.rs");
    let lines =
        text.lines().filter(|line| line.contains("pub async fn") || line.contains("/people") || line.contains("Mine"));
    let methods: String = lines.map(|line| line.trim().to_owned() + "\n").collect();
    let orders = ["Cargo.toml", "src/clients.rs", "src/main.rs"].map(|file| read(&dir.join("services/orders"), file));
    insta::assert_snapshot!(format!("{told}---\n{methods}---\n{}", orders.join("---\n")));
    metadata_is_locked(&dir);
}

#[test]
fn what_makes_no_sense_is_refused() {
    let (_parent, dir) = system("shop", "empty");
    Msvc::new(&dir, &["new", "orders", "--yes"]).run().success();
    let before = files(&dir);
    let cases: &[&[&str]] = &[
        &["new", "orders", "--yes"],
        &["new", "users", "--yes", "--set", "registry=localhost:5000"],
        &["new", "mall", "--yes", "--blueprint", "empty"],
        &["new", "tokio", "--yes"],
        &["add", "dependency", "users"],
        &["add", "dependency", "users", "--service", "orders"],
        &["add", "dependency", "orders", "--service", "orders"],
        &["add", "entity", "note", "text:text"],
        &["up", "order"],
    ];
    let told: String = cases
        .iter()
        .map(|args| {
            let output = Msvc::new(&dir, args).run();
            let shown = output.transcript().replace(dir.canonicalize().unwrap().to_str().unwrap(), "[dir]");
            format!("# {}\n{shown}", args.join(" "))
        })
        .collect();
    insta::assert_snapshot!(told);
    assert_eq!(files(&dir), before);
    let elsewhere = tempfile::tempdir().unwrap();
    let unknown = Msvc::new(elsewhere.path(), &["new", "shop", "--blueprint", "users-order"]).run();
    insta::assert_snapshot!("unknown_blueprint", unknown.transcript());
}

#[test]
fn a_gateway_stands_before_the_services_that_are_there() {
    let (_parent, dir) = system("shop", "empty");
    for (name, entity) in [("orders", "order"), ("users", "user")] {
        Msvc::new(&dir, &["new", name, "--yes", "--set", &format!("entity={entity}")]).run().success();
    }
    Msvc::new(&dir, &["new", "gateway", "--yes", "--template", "gateway"]).run().success();
    insta::assert_snapshot!(read(&dir, "services/gateway/msvc.yaml"));
    metadata_is_locked(&dir);
}

#[test]
fn a_gateway_knows_by_itself_who_speaks_grpc() {
    let (_parent, dir) = system("shop", "empty");
    Msvc::new(&dir, &["new", "orders", "--yes"]).run().success();
    Msvc::new(&dir, &["new", "stock", "--yes", "--template", "grpc", "--set", "entity=item"]).run().success();
    Msvc::new(&dir, &["new", "gateway", "--yes", "--template", "gateway"]).run().success();
    let both = read(&dir, "services/gateway/msvc.yaml");
    let routes = read(&dir, "services/gateway/src/routes.rs");
    // One that was not there yet is told of by its edge alone.
    Msvc::new(&dir, &["new", "prices", "--yes", "--template", "grpc", "--set", "entity=price"]).run().success();
    let added = Msvc::new(&dir, &["add", "dependency", "prices", "--service", "gateway"]).run().success();
    let build = read(&dir, "services/gateway/build.rs");
    let table = routes.lines().filter(|line| line.contains("Route::new(\"/")).map(|line| line.to_owned() + "\n");
    let compiled: String = build.lines().filter(|line| line.starts_with("const SERVICES")).collect();
    metadata_is_locked(&dir);
    // Others call them by clients, which are made of their contracts.
    std::fs::remove_dir_all(dir.join("services/prices/proto")).unwrap();
    let before = files(&dir);
    let refused = [
        Msvc::new(&dir, &["add", "dependency", "prices", "--service", "orders"]).run(),
        Msvc::new(&dir, &["new", "mails", "--yes", "--set", "uses=prices"]).run(),
        Msvc::new(&dir.join("services/orders"), &["add", "entity", "part", "price:uuid:references=prices/price"]).run(),
        Msvc::new(&dir.join("services/orders"), &["add", "entity", "part", "item:uuid:references=stock/shelf"]).run(),
    ];
    let refused = refused.map(|output| output.transcript()).join("---\n");
    insta::assert_snapshot!(format!(
        "{both}---\n{}---\n{}---\n{compiled}\n---\n{refused}",
        table.collect::<String>(),
        added.transcript()
    ));
    assert_eq!(files(&dir), before);
}

#[test]
fn blueprints_are_listed_and_shown() {
    let dir = tempfile::tempdir().unwrap();
    let all = Msvc::new(dir.path(), &["blueprints"]).run().success();
    let one = Msvc::new(dir.path(), &["blueprints", "show", "users-orders"]).run().success();
    insta::assert_snapshot!(all.transcript() + &one.transcript());
}
