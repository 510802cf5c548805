//! Services that call others by gRPC, and refer to their records. Some that do are built and run with a blueprint's.

use super::{read, system};
use crate::support::Msvc;
use crate::support::generated::cargo;

/// What a client offers, without what every client has.
fn methods(text: &str) -> String {
    let lines = text.lines().filter(|line| line.contains("pub async fn") || line.contains("Service/"));
    lines.map(|line| line.trim().to_owned() + "\n").collect()
}

#[test]
fn services_of_all_kinds_call_one_that_speaks_grpc() {
    let (_parent, dir) = system("shop", "empty");
    let run = |dir: &std::path::Path, args: &[&str]| Msvc::new(dir, args).run().success().transcript();
    let stock = ["new", "stock", "--yes", "--template", "grpc", "--set", "entity=item", "--set", "port=8081"];
    run(&dir, &[&stock[..], &["--set", "fields=name:string:unique"]].concat());
    run(&dir, &["new", "orders", "--yes", "--set", "events=outbox", "--set", "cache=memory"]);
    let orders = dir.join("services/orders");
    let referring = run(&orders, &["add", "entity", "part", "item:uuid:references=stock/item", "count:integer"]);
    let prices = ["new", "prices", "--yes", "--template", "grpc", "--set", "entity=price", "--set", "uses=orders"];
    run(
        &dir,
        &[
            &prices[..],
            &["--set", "fields=item:uuid:references=stock/item order:uuid:optional:references=orders/order"],
        ]
        .concat(),
    );
    run(
        &dir,
        &["new", "mails", "--yes", "--template", "worker", "--set", "subscribes=order.created", "--set", "uses=stock"],
    );
    // The client follows what methods there are.
    let stock = dir.join("services/stock");
    let grown = run(&stock, &["add", "entity", "shelf", "place:string"]);
    let files = [
        "crates/stock-client/Cargo.toml",
        "crates/stock-client/build.rs",
        "services/orders/src/part/references.rs",
        "services/prices/src/clients.rs",
        "services/prices/src/price/references.rs",
    ];
    let shown = files.map(|file| format!("=== {file}\n{}", read(&dir, file))).concat();
    cargo(&dir, &["metadata", "--locked", "--offline", "--quiet", "--format-version", "1"], &[]);
    cargo(&dir, &["fmt", "--all", "--check"], &[]);
    // So it does with those that were written by hand.
    let path = "services/stock/proto/stock/v1/shelf.proto";
    let proto = read(&dir, path)
        .replace("service ShelfService {", "service ShelfService {\n  rpc Tidy(Shelf) returns (Shelf);\n");
    std::fs::write(dir.join(path), proto).unwrap();
    let followed = run(&dir, &["add", "dependency", "stock", "--service", "orders"]);
    let nothing = run(&dir, &["add", "dependency", "stock", "--service", "orders"]);
    let told = [referring, grown, followed, nothing].join("---\n");
    insta::assert_snapshot!(format!("{told}---\n{}{shown}", methods(&read(&dir, "crates/stock-client/src/lib.rs"))));
}
