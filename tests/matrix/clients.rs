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

/// Writes the client of the service `name` beside it, with a program that uses it; gives its folder's name.
pub fn make(dir: &Path, name: &str) -> String {
    let document = read_to_string(dir.join(name).join("openapi.json")).unwrap();
    let (crate_name, files) = (format!("{name}-client"), client::of_http(name, &document).unwrap());
    for (path, entry) in files.iter() {
        let file = dir.join(&crate_name).join(path);
        create_dir_all(file.parent().unwrap()).unwrap();
        write(file, &entry.bytes).unwrap();
    }
    let manifest = dir.join(&crate_name).join("Cargo.toml");
    let more = "\n[dev-dependencies]\nserde_json = { workspace = true }\ntokio = { workspace = true }\n";
    let text = read_to_string(&manifest).unwrap().replace("\n[lints]", &format!("{more}\n[lints]"));
    write(manifest, text).unwrap();
    let examples = dir.join(&crate_name).join("examples");
    create_dir_all(&examples).unwrap();
    let login = if name.contains("-jwt") { LOGIN } else { "" };
    let walk = WALK.replace("CLIENT", &crate_name.replace('-', "_")).replace("    // LOGIN\n", login);
    write(examples.join(format!("{crate_name}-walk.rs")), walk).unwrap();
    crate_name
}

/// Runs that program.
pub fn walk(service: &Running, name: &str, record: &serde_json::Value) {
    let program = target_dir().join("debug/examples").join(format!("{name}-client-walk"));
    let port = service.port().to_string();
    let output = Command::new(program).args([port, record.to_string()]).output().unwrap();
    assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
}

/// Records of the services, by whether they have the plain fields of [`super::FIELDS`].
pub fn record(document: &str) -> serde_json::Value {
    if document.contains("\"customer\"") {
        json!({ "customer": "Ada", "item": "lamp", "quantity": 1, "total": "9.50" })
    } else {
        let part = "0195a1b2-c3d4-7e5f-8a6b-000000000000";
        json!({ "title": "one", "day": "2026-01-02", "part": part, "data": { "a": [1] } })
    }
}
