//! Several services as one project: one workspace with one lock, the chassis once, and at the root what each would
//! have for itself if it were alone. Templates render a service as ever; [`whole`] puts the services together.

mod manifest;
mod newcomer;
mod plan;

use serde_json::{Map, Value, json};

use self::manifest::Workspace;
use super::cargo_lock::Lock;
use super::source::{self, Source};
use super::tree::{Entry, Tree};
use super::render;
use crate::error::{Context, Result};
use crate::project::{DnsLabel, Service};

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

/// Puts services together: what their manifests and locks say of the workspace goes to the root.
///
/// # Errors
/// They don't fit together, or a template is faulty (exit code 2).
pub fn whole(about: &About, parts: Vec<Part>) -> Result<Whole> {
    let source = source::of_systems()?;
    let options: Vec<_> = parts.iter().map(|part| &part.options).collect();
    let mut root = render::root(&source, &options, &context(about, &parts))?;
    if parts.is_empty() {
        root.retain(|path, _| !path.starts_with("crates/"));
    }
    let crates = root.keys().filter_map(|path| path.strip_suffix("/Cargo.toml")).map(str::to_owned);
    let members: Vec<String> = crates.chain(parts.iter().map(|part| part.dir.clone())).collect();
    let (mut workspace, mut lock) = (Workspace::new()?, Lock::default());
    let mut services = Vec::new();
    let names: Vec<DnsLabel> = parts.iter().map(|part| part.service.name.clone()).collect();
    for Part { dir, service, mut files, .. } in parts {
        if let Some(text) = take_text(&mut files, "Cargo.lock")? {
            lock.extend(&Lock::parse(&text));
        }
        if let Some(text) = take_text(&mut files, "Cargo.toml")? {
            let member = workspace.take(service.name.as_str(), &text, dir.split('/').count())?;
            files.insert("Cargo.toml".to_owned(), Entry::file(member.as_bytes()));
        }
        services.push(files);
    }
    let lock = lock.text();
    for name in &names {
        render::check_name(name, &lock)?;
    }
    for (file, text) in [("Cargo.toml", workspace.text(&members)), ("Cargo.lock", lock)] {
        root.insert(file.to_owned(), Entry::file(text.as_bytes()));
    }
    Ok(Whole { root, services, source })
}

fn take_text(files: &mut Tree, name: &str) -> Result<Option<String>> {
    let entry = files.remove(name);
    entry.map(|entry| String::from_utf8(entry.bytes).invalid(|| format!("the template's {name} is not text"))).transpose()
}

/// What the files at the root are rendered from.
fn context(about: &About, parts: &[Part]) -> Value {
    let name = about.name.as_str();
    let description = about.description.clone().unwrap_or_else(|| format!("The system {name}"));
    let services: Vec<Value> = parts.iter().map(service).collect();
    json!({
        "name": name,
        "sentence": if description.ends_with('.') { description.clone() } else { format!("{description}.") },
        "environment": about.environment,
        "services": services,
    })
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
