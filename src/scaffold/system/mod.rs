//! Several services as one project: one workspace with one lock, the chassis once, and at the root what each would
//! have for itself if it were alone. Templates render a service as ever; [`whole`] puts the services together.

mod clients;
mod manifest;
mod newcomer;
mod plan;

use std::path::PathBuf;

use serde_json::{Map, Value, json};

use self::manifest::Workspace;
use super::cargo_lock::Lock;
use super::contract::{Contract, Protocol};
use super::render::{self, Place};
use super::source::{self, Source};
use super::tree::{Entry, Tree};
use crate::error::{Context, Result};
use crate::graph;
use crate::project::{DnsLabel, Project, Service, ServiceFile};

pub use newcomer::{Newcomer, place_of};
pub use plan::{Edit, plan};

/// What a system is called, and where it runs first.
#[derive(Debug, Clone)]
pub struct About {
    /// Its name.
    pub name: DnsLabel,
    /// One sentence about it.
    pub description: Option<String>,
    /// The name of its first environment.
    pub environment: String,
}

/// One service of a system, with what its template renders for it.
#[derive(Debug)]
pub struct Part {
    /// Its folder, relative to the system's.
    pub dir: String,
    /// What it declares.
    pub service: Service,
    /// What its template's files depend on.
    pub options: Map<String, Value>,
    /// Its files, as its template renders them in a system.
    pub files: Tree,
    /// The services that it calls by generated clients, and how.
    pub calls: Vec<(DnsLabel, Protocol)>,
}

impl Part {
    /// The service in `dir`, which `source` rendered to `files`.
    #[must_use]
    pub fn new(dir: String, service: &Service, source: &Source, files: Tree, place: Place) -> Self {
        let called = render::peers(source, place).map(|peers| peers.called_by(service));
        let part = Self {
            dir,
            service: service.clone(),
            options: render::options(source, service, place),
            files,
            calls: called.unwrap_or_default(),
        };
        let needed = [("client", !part.calls.is_empty()), ("stub", part.calls_by_grpc())];
        part.needing(needed)
    }

    fn needing(mut self, needed: [(&str, bool); 2]) -> Self {
        let needed = needed.into_iter().filter(|(_, is_needed)| *is_needed);
        self.options.extend(needed.map(|(name, _)| (name.to_owned(), true.into())));
        self
    }

    /// Whether it calls a service by gRPC.
    #[must_use]
    pub fn calls_by_grpc(&self) -> bool {
        self.calls.iter().any(|(_, protocol)| *protocol == Protocol::Grpc)
    }
}

/// The files of a system.
#[derive(Debug)]
pub struct Whole {
    /// Those at the root, the crates that services share among them.
    pub root: Tree,
    /// Those of each service, in the order of the parts.
    pub services: Vec<Tree>,
    /// What made the root.
    pub source: Source,
}

/// Puts services together: what their manifests and locks say of the workspace goes to the root, and so do the clients
/// by which they call each other; `contract` gives the contract of a service that is called.
///
/// # Errors
/// They don't fit together, or a template is faulty (exit code 2).
pub fn whole(about: &About, mut parts: Vec<Part>, contract: impl Fn(&DnsLabel) -> Result<Contract>) -> Result<Whole> {
    let source = source::of_systems()?;
    // The root looks the same whichever came last.
    let mut sorted: Vec<&Part> = parts.iter().collect();
    sorted.sort_by(|a, b| a.service.name.cmp(&b.service.name));
    let options: Vec<_> = sorted.iter().map(|part| &part.options).collect();
    let mut root = render::root(&source, &options, &context(about, &sorted))?;
    let contracts = clients::called(&parts).map(|name| Ok((name.clone(), contract(name)?)));
    let clients = clients::files(&parts, &contracts.collect::<Result<_>>()?)?;
    root.extend(clients.clone());
    if parts.is_empty() {
        root.retain(|path, _| !path.starts_with("crates/"));
    }
    let crates = root.keys().filter_map(|path| path.strip_suffix("/Cargo.toml")).map(str::to_owned);
    let members: Vec<String> = crates.chain(sorted.iter().map(|part| part.dir.clone())).collect();
    let (mut workspace, mut lock) = (Workspace::new()?, Lock::default());
    let mut order: Vec<usize> = (0..parts.len()).collect();
    order.sort_by(|a, b| parts[*a].service.name.cmp(&parts[*b].service.name));
    for index in order {
        let Part { dir, service, files, .. } = &mut parts[index];
        if let Some(text) = take_text(files, "Cargo.lock")? {
            lock.extend(&Lock::parse(&text));
        }
        if let Some(text) = take_text(files, "Cargo.toml")? {
            let member = workspace.take(service.name.as_str(), &text, dir.split('/').count())?;
            files.insert("Cargo.toml".to_owned(), Entry::file(member.as_bytes()));
        }
    }
    clients::lock(&mut lock, &parts, &clients)?;
    let lock = lock.text();
    for part in &parts {
        render::check_name(&part.service.name, &lock)?;
    }
    for (file, text) in [("Cargo.toml", workspace.text(&members)), ("Cargo.lock", lock)] {
        root.insert(file.to_owned(), Entry::file(text.as_bytes()));
    }
    Ok(Whole { root, services: parts.into_iter().map(|part| part.files).collect(), source })
}

fn take_text(files: &mut Tree, name: &str) -> Result<Option<String>> {
    let entry = files.remove(name);
    entry
        .map(|entry| String::from_utf8(entry.bytes).invalid(|| format!("the template's {name} is not text")))
        .transpose()
}

/// What the files at the root are rendered from.
fn context(about: &About, parts: &[&Part]) -> Value {
    let name = about.name.as_str();
    let description = about.description.clone().unwrap_or_else(|| format!("The system {name}"));
    let services: Vec<Value> = parts.iter().map(|part| service(part)).collect();
    json!({
        "name": name,
        "sentence": if description.ends_with('.') { description.clone() } else { format!("{description}.") },
        "environment": about.environment,
        "services": services,
        "picture": picture(parts),
    })
}

/// Who calls whom, as Mermaid.
fn picture(parts: &[&Part]) -> String {
    let file = |part: &&Part| ServiceFile {
        dir: PathBuf::from(&part.dir),
        service: part.service.clone(),
        document: Value::Null,
    };
    let project = Project { root: PathBuf::new(), system: None, services: parts.iter().map(file).collect() };
    graph::mermaid(&graph::of(&project))
}

fn service(part: &Part) -> Value {
    let Part { dir, service, .. } = part;
    let uses: Vec<&str> = service.uses.iter().map(DnsLabel::as_str).collect();
    json!({
        "name": service.name,
        "dir": dir,
        "description": super::context::description(service),
        "port": service.port.number(),
        "uses": uses.join(", "),
    })
}
