//! The crates by which services of a system call each other: one for each that is called, in `crates/`.

use std::collections::{BTreeMap, BTreeSet};

use heck::ToPascalCase;
use serde_json::json;
use toml_edit::DocumentMut;

use super::Part;
use crate::error::{Context, Error, Result};
use crate::project::edit;
use crate::project::{DnsLabel, FILE, Service};
use crate::scaffold::cargo_lock::Lock;
use crate::scaffold::context::elsewhere;
use crate::scaffold::contract::{Contract, PROTO, Protocol};
use crate::scaffold::peers::crate_of;
use crate::scaffold::render::Place;
use crate::scaffold::source::Source;
use crate::scaffold::tree::Tree;
use crate::scaffold::{answers, client, render, source};

/// The committed contracts of the services that are called, by their names.
pub type Contracts = BTreeMap<DnsLabel, Contract>;

/// Refuses calls that no client is made for; `declared` is the service's msvc.yaml, which lies in `dir`.
///
/// # Errors
/// The service calls one that speaks gRPC and has committed no contract (exit code 2, with the place).
pub fn check(source: &Source, service: &Service, declared: &str, dir: &str, place: Place) -> Result<()> {
    let peers = render::peers(source, place);
    let Some(name) = peers.and_then(|peers| peers.without_contract(service).next()) else { return Ok(()) };
    let key = if service.uses.contains(name) { "uses" } else { "entities" };
    let at = edit::place(declared, &[key]).map_or_else(String::new, |(line, column)| format!(":{line}:{column}"));
    Err(Error::usage(format!("no client can be made by which `{}` calls `{name}`", service.name))
        .cause(format!("{dir}/{FILE}{at}: `{name}` speaks gRPC, and has no .proto file"))
        .hint(format!("clients are made from the files in the folder `{PROTO}` of `{name}`")))
}

/// The services that some part calls.
pub(super) fn called(parts: &[Part]) -> impl Iterator<Item = &DnsLabel> {
    parts.iter().flat_map(|part| part.calls.iter().map(|(name, _)| name))
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
        let (own, protocol) = match contract {
            Contract::OpenApi(text) => (client::of_http(service.as_str(), text)?, Protocol::Http),
            Contract::Proto { dir, files } => {
                (client::of_grpc(service.as_str(), &format!("../../{dir}/{PROTO}"), files)?, Protocol::Grpc)
            }
        };
        for part in parts {
            references(part, service, protocol, &own)?;
        }
        files.extend(own.into_iter().map(|(path, entry)| (format!("crates/{name}/{path}"), entry)));
    }
    Ok(files)
}

/// Whether the records of `service` that a part refers to can be asked for.
fn references(part: &Part, service: &DnsLabel, protocol: Protocol, client: &Tree) -> Result<()> {
    let text = client.get("src/lib.rs").map(|entry| String::from_utf8_lossy(&entry.bytes));
    let fields = part.service.entities.values().flat_map(|entity| entity.fields.values());
    for (target, entity) in fields.filter_map(|field| field.target_elsewhere()) {
        let operation = elsewhere::operation(protocol, entity);
        if target == service.as_str() && !text.as_ref().is_some_and(|text| text.contains(&format!("fn {operation}("))) {
            let error = Error::usage(format!("`{}` can't ask `{service}` for `{entity}`", part.service.name));
            return Err(match protocol {
                Protocol::Http => error
                    .cause(format!("openapi.json of {service} has no operation `{operation}`"))
                    .hint("give the route that reads one this `operationId`, or leave `references` out"),
                Protocol::Grpc => error
                    .cause(format!("no .proto file of {service} has a method `{}`", operation.to_pascal_case()))
                    .hint("call the method that reads one by its `id` so, or leave `references` out"),
            });
        }
    }
    Ok(())
}

/// Whether a record of a service by gRPC is referred to.
fn refers_by_grpc(part: &Part) -> bool {
    let fields = part.service.entities.values().flat_map(|entity| entity.fields.values());
    let mut targets = fields.filter_map(|field| field.target_elsewhere());
    targets.any(|(service, _)| {
        part.calls.iter().any(|(name, protocol)| name.as_str() == service && *protocol == Protocol::Grpc)
    })
}

/// Locks what clients depend on, and those that call by them.
///
/// # Errors
/// A client's manifest can't be read.
pub(super) fn lock(lock: &mut Lock, parts: &[Part], files: &Tree) -> Result<()> {
    if files.is_empty() {
        return Ok(());
    }
    let callers = parts.iter().filter(|part| !part.calls.is_empty());
    for template in
        callers.map(|part| if part.service.speaks_grpc() { "grpc" } else { "rest" }).collect::<BTreeSet<_>>()
    {
        lock.extend(&beneath(template)?);
    }
    if parts.iter().any(Part::calls_by_grpc) {
        lock.depend("chassis", OF_GRPC);
    }
    for (path, entry) in files.iter() {
        let Some(name) = path.strip_prefix("crates/").and_then(|path| path.strip_suffix("/Cargo.toml")) else {
            continue;
        };
        let unreadable = || format!("{path} is not valid");
        let text = std::str::from_utf8(&entry.bytes).failed(unreadable)?;
        let manifest: DocumentMut = text.parse().failed(unreadable)?;
        let tables = ["dependencies", "build-dependencies"].map(|table| manifest.get(table)?.as_table());
        let dependencies = tables.into_iter().flatten().flat_map(|table| table.iter().map(|(name, _)| name));
        lock.depend(name, dependencies);
    }
    for part in parts {
        let crates: Vec<String> = part.calls.iter().map(|(name, _)| crate_of(name)).collect();
        lock.depend(part.service.name.as_str(), crates.iter().map(String::as_str));
        // In tests, another service by gRPC is played.
        if part.service.speaks_grpc() && refers_by_grpc(part) {
            lock.depend(part.service.name.as_str(), ["http-body-util"]);
        }
    }
    Ok(())
}

/// What the chassis needs for calls by gRPC, besides what a service by gRPC brings.
const OF_GRPC: [&str; 3] = ["http-body-util", "prost", "tonic-prost"];

/// What the chassis depends on for calls: the lock of the smallest service of a template that makes some.
fn beneath(template: &str) -> Result<Lock> {
    const NAME: &str = "caller";
    let source = source::load(template)?;
    let given = [("store", json!("none")), ("client", json!(true))];
    let asked = |name: &str| source.manifest.variables.iter().any(|variable| variable.name == name);
    let given =
        given.into_iter().filter(|(name, _)| asked(name)).map(|(name, value)| (name.to_owned(), value)).collect();
    let files = render::render(&source, NAME, &answers::collect(&source.manifest, given, None)?)?.files;
    let text = files.get("Cargo.lock").map(|entry| String::from_utf8_lossy(&entry.bytes).into_owned());
    let mut lock = Lock::parse(&text.unwrap_or_default());
    lock.remove(NAME);
    Ok(lock)
}
