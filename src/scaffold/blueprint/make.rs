//! A blueprint and answers -> the files of a new system.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::Path;

use serde_json::{Map, Value, json};

use super::Blueprint;
use crate::error::{Context, Error, Result};
use crate::project::load::parse_service;
use crate::project::{DnsLabel, FILE, Service, yaml, yaml_block, yaml_flow};
use crate::scaffold::answers::{self, Answers};
use crate::scaffold::contract::{self, Contract, OPENAPI, Protocol};
use crate::scaffold::lock::{Lock, Provenance};
use crate::scaffold::peers::Peers;
use crate::scaffold::render::{self, Place};
use crate::scaffold::source::{self, Source};
use crate::scaffold::system::{About, Newcomer, whole};
use crate::scaffold::tree::{Entry, Tree};

/// A new system.
#[derive(Debug)]
pub struct System {
    /// Every file.
    pub files: Tree,
    /// The names of its services.
    pub services: Vec<String>,
}

/// The folder in a blueprint, and in a system, that has a folder for each service.
const SERVICES: &str = "services";
/// What a blueprint says in a README.md, the system's or a service's, stands at its end.
const README: &str = "README.md";

/// Makes the system `name`, which will lie in `target`.
///
/// # Errors
/// The blueprint declares what is no valid project (exit code 2).
pub fn make(blueprint: &Blueprint, name: &DnsLabel, answers: &Answers, target: &Path) -> Result<System> {
    let declared = declaration(blueprint, name, answers)?;
    let about = About::of(&yaml::parse(&declared, FILE)?);
    let declared_services = blueprint.manifest.services.iter().map(|service| Declared::read(blueprint, service));
    let declared_services = declared_services.collect::<Result<Vec<_>>>()?;
    let own = own_files(blueprint, &about, answers)?;
    let peers = peers(&declared_services, &own);
    let place = Place::InSystem { environment: &about.environment, peers: &peers };
    let newcomers = declared_services.into_iter().map(|declared| declared.newcomer(place));
    let newcomers = newcomers.collect::<Result<Vec<_>>>()?;
    newcomers.iter().try_for_each(|newcomer| newcomer.check(place))?;
    let parts = newcomers.iter().map(|newcomer| newcomer.part(place)).collect();
    let made = whole(&about, parts, |name| contract(&newcomers, &own, name))?;

    let mut files = made.root;
    files.insert(FILE.to_owned(), Entry::file(declared.as_bytes()));
    let lock = Lock {
        template: source::seen_from(&blueprint.origin, target),
        commit: blueprint.commit.clone(),
        version: blueprint.manifest.version.clone(),
        answers: answers.clone(),
    };
    let provenance = Provenance { lock, base: files.clone(), declared }.files()?;
    files.extend(provenance);
    for (newcomer, own) in newcomers.iter().zip(made.services) {
        let own = newcomer.files(own, &target.join(&newcomer.dir))?;
        files.extend(own.into_iter().map(|(path, entry)| (format!("{}/{path}", newcomer.dir), entry)));
    }
    lay_over(own, &mut files);
    let services = newcomers.iter().map(|newcomer| newcomer.rendered.service.name.to_string()).collect();
    Ok(System { files, services })
}

/// The text of the system's msvc.yaml.
fn declaration(blueprint: &Blueprint, name: &DnsLabel, answers: &Answers) -> Result<String> {
    let system = &blueprint.manifest.system;
    let mut context = answers.clone();
    context.insert("name".to_owned(), name.as_str().into());
    let described = system.get("description").cloned().unwrap_or_else(|| "".into());
    context.insert("description".to_owned(), described);
    let mut text = render::system_declaration(&source::of_systems()?, &Value::Object(context))?;
    for (key, value) in system.get("environments").and_then(Value::as_object).into_iter().flatten() {
        let _ = writeln!(text, "  {key}: {}", flow(value)?);
    }
    Ok(text)
}

fn flow(value: &Value) -> Result<String> {
    yaml_flow::flow(value).map_err(|why| Error::invalid("the blueprint is not valid").cause(why))
}

/// One of the blueprint's services, as it is declared.
struct Declared<'a> {
    /// How it is named in errors.
    shown: String,
    document: &'a Map<String, Value>,
    /// Its msvc.yaml.
    text: String,
    service: Service,
    source: Source,
}

impl<'a> Declared<'a> {
    fn read(blueprint: &Blueprint, declared: &'a Map<String, Value>) -> Result<Self> {
        let shown = format!("{}: service {}", blueprint.origin, declared.get("name").unwrap_or(&Value::Null));
        let mut document =
            Map::from_iter([("apiVersion".to_owned(), json!("msvc/v1")), ("kind".to_owned(), json!("Service"))]);
        document.extend(declared.clone());
        let read = || {
            let text = yaml_block::service(&document)
                .map_err(|why| Error::invalid("the blueprint is not valid").cause(why))?;
            let template = &declared.get("template").unwrap_or(&Value::Null)["name"];
            let source = source::load(template.as_str().unwrap_or_default())?;
            Ok((parse_service(&text, FILE)?, text, source))
        };
        let (service, text, source) = read().map_err(|error| place_in(&shown, error))?;
        Ok(Self { shown, document: declared, text, service, source })
    }

    /// Rendered.
    fn newcomer(self, place: Place) -> Result<Newcomer> {
        let Self { shown, document, text, service, source } = self;
        // What the template would have asked, as far as the service says it.
        let variables = &source.manifest.variables;
        let options = document.get("template").and_then(|template| template["options"].as_object());
        let options = options.into_iter().flatten().chain(document.get_key_value("description"));
        let options = options.chain(document.get_key_value("port"));
        let given = options.filter(|(name, _)| variables.iter().any(|variable| variable.name == **name));
        let given = given.map(|(name, value)| (name.clone(), value.clone())).collect();
        let answers = answers::collect(&source.manifest, given, None).map_err(|error| place_in(&shown, error))?;
        let rendered = render::declared_as(&source, &text, &answers, place).map_err(|error| place_in(&shown, error))?;
        Ok(Newcomer { dir: dir_of(&service.name), source, answers, rendered })
    }
}

fn place_in(shown: &str, mut error: Error) -> Error {
    error.causes.insert(0, format!("in {shown}"));
    error
}

fn dir_of(service: &DnsLabel) -> String {
    format!("{SERVICES}/{service}")
}

/// How the services are called; a contract may be their template's or the blueprint's own.
fn peers(declared: &[Declared], own: &Tree) -> Peers {
    let mut peers = Peers::default();
    for Declared { service, source, .. } in declared {
        peers.insert(service, |protocol| match protocol {
            Protocol::Http => own.contains_key(&format!("{}/{OPENAPI}", dir_of(&service.name))) || source.has(OPENAPI),
            Protocol::Grpc => !service.entities.is_empty() || !protos(own, &dir_of(&service.name)).is_empty(),
        });
    }
    peers
}

/// The contract of a service: what the blueprint has of it itself goes before what its template renders.
fn contract(newcomers: &[Newcomer], own: &Tree, name: &DnsLabel) -> Result<Contract> {
    let rendered = newcomers.iter().find(|newcomer| newcomer.rendered.service.name == *name);
    let rendered = rendered.map(|newcomer| &newcomer.rendered);
    let dir = dir_of(name);
    let text = |path: &str| {
        let rendered = rendered.and_then(|rendered| rendered.files.get(path));
        let entry = own.get(&format!("{dir}/{path}")).or(rendered);
        let bytes = entry.map(|entry| entry.bytes.clone()).unwrap_or_default();
        String::from_utf8(bytes).invalid(|| format!("{path} of {name} is not text"))
    };
    if rendered.is_none_or(|rendered| Protocol::of(&rendered.service) == Protocol::Http) {
        return text(OPENAPI).map(Contract::OpenApi);
    }
    let of_template = rendered.into_iter().flat_map(|rendered| rendered.files.keys());
    let of_template = of_template.filter(|path| contract::is_proto(path)).cloned();
    let paths: BTreeSet<String> = protos(own, &dir).into_iter().chain(of_template).collect();
    let files = paths.iter().map(|path| Ok((contract::below_proto(path), text(path)?))).collect::<Result<_>>()?;
    Ok(Contract::Proto { dir, files })
}

/// The paths of the `.proto` files that a blueprint has itself for the service in `dir`, relative to that.
fn protos(own: &Tree, dir: &str) -> Vec<String> {
    let below = own.keys().filter_map(|path| path.strip_prefix(dir)?.strip_prefix('/'));
    below.filter(|path| contract::is_proto(path)).map(str::to_owned).collect()
}

/// The blueprint's own files.
fn own_files(blueprint: &Blueprint, about: &About, answers: &Answers) -> Result<Tree> {
    let context = json!({ "name": about.name, "environment": about.environment, "answers": answers });
    render::plain(&blueprint.files, &context)
}

/// Lays the blueprint's own files over what templates made. These are not on record as rendered: to later updates they
/// are the user's.
fn lay_over(own: Tree, files: &mut Tree) {
    for (path, entry) in own {
        let is_readme = path == README || path.ends_with(&format!("/{README}"));
        match files.get_mut(&path).filter(|_| is_readme) {
            Some(readme) => {
                readme.bytes.push(b'\n');
                readme.bytes.extend(entry.bytes);
            }
            None => _ = files.insert(path, entry),
        }
    }
}
