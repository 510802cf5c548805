//! Clients of the services, generated from their API documents: they are built with all others, and call their service.

use std::fs::{create_dir_all, read_to_string, write};
use std::path::Path;
use std::process::Command;

use msvc::scaffold::client;
use serde_json::json;

use super::running::Running;
use crate::support::generated::target_dir;

const WALK: &str = include_str!("../fixtures/client/walk.rs");
const LOGIN: &str = include_str!("../fixtures/client/login.rs");

/// Writes the client of the service `name` beside it; gives its folder's name.
pub fn make(dir: &Path, name: &str) -> String {
    let document = read_to_string(dir.join(name).join("openapi.json")).unwrap();
    let crate_name = format!("{name}-client");
    for (path, entry) in client::of_http(name, &document).unwrap().iter() {
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
    let login = if name.contains("-jwt") { LOGIN } else { "" };
    let walk = WALK.replace("CLIENT", &crate_name.replace('-', "_")).replace("    // LOGIN\n", login);
    let examples = dir.join(&crate_name).join("examples");
    create_dir_all(&examples).unwrap();
    write(examples.join(format!("{crate_name}-walk.rs")), walk).unwrap();
}

/// Runs that program.
pub fn walk(dir: &Path, service: &Running, name: &str) {
    let document = read_to_string(dir.join(name).join("openapi.json")).unwrap();
    let record = if document.contains("\"customer\"") {
        json!({ "customer": "Ada", "item": "lamp", "quantity": 1, "total": "9.50" })
    } else {
        let part = "0195a1b2-c3d4-7e5f-8a6b-000000000000";
        json!({ "title": "one", "day": "2026-01-02", "part": part, "data": { "a": [1] } })
    };
    let program = target_dir().join("debug/examples").join(format!("{name}-client-walk"));
    let port = service.url.rsplit(':').next().unwrap();
    let output = Command::new(program).args([port, &record.to_string()]).output().unwrap();
    assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
}
