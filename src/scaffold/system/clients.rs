//! The crates by which services of a system call each other: one for each that is called, in `crates/`.

use std::collections::BTreeMap;

use serde_json::json;
use toml_edit::DocumentMut;

use super::Part;
use crate::error::{Context, Error, Result};
use crate::project::DnsLabel;
use crate::scaffold::cargo_lock::Lock;
use crate::scaffold::peers::crate_of;
use crate::scaffold::tree::Tree;
use crate::scaffold::{answers, client, render, source};

/// The committed contracts of the services that are called, by their names.
pub type Contracts = BTreeMap<DnsLabel, String>;

/// The services that some part calls.
pub(super) fn called(parts: &[Part]) -> impl Iterator<Item = &DnsLabel> {
    parts.iter().flat_map(|part| &part.calls)
}

/// The files of all clients, by their paths from the system's folder.
///
/// # Errors
/// A contract is none, or a service has a client's name (exit code 2).
pub(super) fn files(parts: &[Part], contracts: &Contracts) -> Result<Tree> {
    let mut files = Tree::default();
    for (service, contract) in contracts {
        let name = crate_of(service);
        if parts.iter().any(|part| part.service.name.as_str() == name) {
            return Err(Error::usage(format!("a service can't be called `{name}`"))
                .cause(format!("that is the name of the crate by which `{service}` is called")));
        }
        let own = client::of_http(service.as_str(), contract)?;
        files.extend(own.into_iter().map(|(path, entry)| (format!("crates/{name}/{path}"), entry)));
    }
    Ok(files)
}

/// Locks what clients depend on, and those that call by them.
///
/// # Errors
/// A client's manifest can't be read.
pub(super) fn lock(lock: &mut Lock, parts: &[Part], files: &Tree) -> Result<()> {
    if files.is_empty() {
        return Ok(());
    }
    lock.extend(&beneath()?);
    for (path, entry) in files.iter() {
        let Some(name) = path.strip_prefix("crates/").and_then(|path| path.strip_suffix("/Cargo.toml")) else {
            continue;
        };
        let unreadable = || format!("{path} is not valid");
        let text = std::str::from_utf8(&entry.bytes).failed(unreadable)?;
        let manifest: DocumentMut = text.parse().failed(unreadable)?;
        let dependencies = manifest.get("dependencies").and_then(|table| table.as_table());
        lock.depend(name, dependencies.into_iter().flat_map(|table| table.iter().map(|(name, _)| name)));
    }
    for part in parts {
        let crates: Vec<String> = part.calls.iter().map(crate_of).collect();
        lock.depend(part.service.name.as_str(), crates.iter().map(String::as_str));
    }
    Ok(())
}

/// What the chassis depends on for calls: the lock of the smallest service that makes some.
fn beneath() -> Result<Lock> {
    const NAME: &str = "caller";
    let source = source::load("rest")?;
    let given = [("store", json!("none")), ("client", json!(true))];
    let given = given.map(|(name, value)| (name.to_owned(), value)).into();
    let files = render::render(&source, NAME, &answers::collect(&source.manifest, given, None)?)?.files;
    let text = files.get("Cargo.lock").map(|entry| String::from_utf8_lossy(&entry.bytes).into_owned());
    let mut lock = Lock::parse(&text.unwrap_or_default());
    lock.remove(NAME);
    Ok(lock)
}
