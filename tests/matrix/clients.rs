//! Clients of the services, generated from their contracts: they are built with all others, and call their service.

use std::fs::{create_dir_all, read_to_string, write};
use std::path::Path;
use std::process::Command;

use msvc::scaffold::{client, contract};
use serde_json::{Value, json};

use super::running::Running;
use crate::support::generated::program;

const WALK: &str = include_str!("../fixtures/client/walk.rs");
const WALK_BY_GRPC: &str = include_str!("../fixtures/client/rpc.rs");
const LOGIN: &str = include_str!("../fixtures/client/login.rs");

/// Records in Rust, each with a field that only its services have.
const RECORDS: [(&str, &str); 2] = [
    ("customer", "customer: \"Ada\".into(), item: \"lamp\".into(), quantity: 1, total: \"9.50\".into(),"),
    (
        "day",
        "title: \"one\".into(), day: \"2026-01-02\".into(), part: \"0195a1b2-c3d4-7e5f-8a6b-000000000000\".into(),",
    ),
];

/// Writes the client of the service `name` beside it; gives its folder's name.
pub fn make(dir: &Path, name: &str) -> String {
    let crate_name = format!("{name}-client");
    let files = if speaks_grpc(name) {
        let text = |path: &String| read_to_string(dir.join(name).join(path)).unwrap();
        let protos = contract::protos(&dir.join(name));
        let protos = protos.iter().map(|path| (contract::below_proto(path), text(path))).collect();
        client::of_grpc(name, &format!("../{name}/proto"), &protos)
    } else {
        client::of_http(name, &read_to_string(dir.join(name).join("openapi.json")).unwrap())
    };
    for (path, entry) in files.unwrap().iter() {
        let file = dir.join(&crate_name).join(path);
        create_dir_all(file.parent().unwrap()).unwrap();
        write(file, &entry.bytes).unwrap();
    }
    crate_name
}

/// Adds a program that uses the client.
pub fn add_walk(dir: &Path, name: &str) {
    let crate_name = format!("{name}-client");
    let manifest = dir.join(&crate_name).join("Cargo.toml");
    let more = "\n[dev-dependencies]\nserde_json = { workspace = true }\ntokio = { workspace = true }\n\n[lints]";
    let text = read_to_string(&manifest).unwrap().replace("\n[lints]", more);
    write(manifest, text).unwrap();
    let declared = read_to_string(dir.join(name).join("msvc.yaml")).unwrap();
    let (_, record) = RECORDS.iter().find(|(field, _)| declared.contains(field)).unwrap();
    let login = if name.contains("-jwt") { LOGIN } else { "" };
    let walk = if speaks_grpc(name) { WALK_BY_GRPC } else { WALK };
    let walk = walk.replace("PACKAGE", &name.replace('-', "_"));
    let walk = walk.replace("CLIENT", &crate_name.replace('-', "_"));
    let walk = walk.replace("    // LOGIN\n", login).replace("// RECORD", record);
    let examples = dir.join(&crate_name).join("examples");
    create_dir_all(&examples).unwrap();
    write(examples.join(format!("{crate_name}-walk.rs")), walk).unwrap();
}

fn speaks_grpc(name: &str) -> bool {
    name.starts_with("grpc")
}

/// Runs that program.
pub fn walk(dir: &Path, service: &Running, name: &str) {
    let port = service.url.rsplit(':').next().unwrap();
    let program = program(dir, &format!("examples/{name}-client-walk"));
    let mut arguments = vec![port.to_owned()];
    if !speaks_grpc(name) {
        arguments.push(record(dir, name).to_string());
    }
    let output = Command::new(program).args(arguments).output().unwrap();
    assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
}

/// What its service takes.
fn record(dir: &Path, name: &str) -> Value {
    let document = read_to_string(dir.join(name).join("openapi.json")).unwrap();
    if document.contains("\"customer\"") {
        json!({ "customer": "Ada", "item": "lamp", "quantity": 1, "total": "9.50" })
    } else {
        let part = "0195a1b2-c3d4-7e5f-8a6b-000000000000";
        json!({ "title": "one", "day": "2026-01-02", "part": part, "data": { "a": [1] } })
    }
}
