//! What must hold between the services of a project. All that does not is told at once, each with its place.

use std::collections::BTreeMap;

use super::edges;
use super::edit::places;
use super::entity::{Field, FieldType, IdType};
use super::event::EventName;
use super::load::{read, shown};
use super::name::{DnsLabel, EnvironmentName};
use super::{FILE, Project, Service, ServiceFile};
use crate::error::{Error, Result, nearest};

/// # Errors
/// The services don't fit together (exit code 2).
pub(super) fn check(project: &Project) -> Result<()> {
    let mut broken = names(project);
    broken.extend(environments(project));
    broken.extend(local_ports(project));
    if project.system.is_some() {
        broken.extend(calls(project));
        broken.extend(references(project));
        broken.extend(circle(project));
        broken.extend(subscriptions(project));
        broken.extend(schemas(project));
    }
    if broken.is_empty() {
        return Ok(());
    }
    let error = Error::invalid(format!("the services of `{}` don't fit together", project.name()));
    Err(broken.iter().fold(error, |error, one| error.cause(one.sentence())))
}

/// A rule that a service breaks.
struct Broken<'a> {
    file: &'a ServiceFile,
    /// The keys that lead to the place.
    keys: Vec<&'a str>,
    why: String,
}

impl<'a> Broken<'a> {
    fn new(file: &'a ServiceFile, keys: &[&'a str], why: String) -> Self {
        Self { file, keys: keys.to_vec(), why }
    }

    fn sentence(&self) -> String {
        let path = self.file.dir.join(FILE);
        let place = read(&path).ok().and_then(|text| places::find(&text, &self.keys));
        match place {
            Some((line, column)) => format!("{}:{line}:{column}: {}", shown(&path), self.why),
            None => format!("{}: {}", shown(&path), self.why),
        }
    }
}

/// The hint that ends a sentence about a name that is not there.
fn meant(name: &str, known: &[&str]) -> String {
    match nearest(name, known.iter().copied()) {
        Some(near) => format!("; did you mean `{near}`?"),
        None if known.is_empty() => String::new(),
        None => format!("; there are {}", known.join(", ")),
    }
}

fn services(project: &Project) -> impl Iterator<Item = (&ServiceFile, &Service)> {
    project.services.iter().map(|file| (file, &file.service))
}

fn known(project: &Project) -> Vec<&str> {
    services(project).map(|(_, service)| service.name.as_str()).collect()
}

fn names(project: &Project) -> Vec<Broken<'_>> {
    // They are sorted by name.
    let twice = project.services.windows(2).filter(|two| two[0].service.name == two[1].service.name);
    let told = |two: &'_ [ServiceFile]| format!("{} is called `{}` too", shown(&two[0].dir), two[0].service.name);
    twice.map(|two| Broken::new(&two[1], &["name"], told(two))).collect()
}

fn environments(project: &Project) -> Vec<Broken<'_>> {
    let Some(system) = &project.system else { return Vec::new() };
    let mut broken = Vec::new();
    for (file, service) in services(project) {
        for name in service.environments.keys().filter(|name| !system.environments.contains_key(*name)) {
            let known: Vec<&str> = system.environments.keys().map(EnvironmentName::as_str).collect();
            let why = format!("the system has no environment `{name}`{}", meant(name.as_str(), &known));
            broken.push(Broken::new(file, &["environments", name.as_str()], why));
        }
    }
    broken
}

fn local_ports(project: &Project) -> Vec<Broken<'_>> {
    let mut taken: BTreeMap<u16, &Service> = BTreeMap::new();
    let mut broken = Vec::new();
    for (file, service) in services(project) {
        let Some(port) = service.local.as_ref().and_then(|local| local.port) else { continue };
        if let Some(other) = taken.insert(port.number(), service) {
            let why = format!("`{}` has port {} on this machine, too", other.name, port.number());
            broken.push(Broken::new(file, &["local", "port"], why));
        }
    }
    broken
}

/// Variables that mean something else to services: no service that others call can be found by them.
const TAKEN: [&str; 3] = ["DATABASE_URL", "NATS_URL", "REDIS_URL"];

fn calls(project: &Project) -> Vec<Broken<'_>> {
    let known = known(project);
    let mut broken = Vec::new();
    for (file, service) in services(project) {
        for used in &service.uses {
            if *used == service.name {
                broken.push(Broken::new(file, &["uses"], "a service does not use itself".to_owned()));
            } else if !known.contains(&used.as_str()) {
                let why = format!("there is no service `{used}`{}", meant(used.as_str(), &known));
                broken.push(Broken::new(file, &["uses"], why));
            } else if TAKEN.contains(&used.url_variable().as_str()) {
                let variable = used.url_variable();
                let why = format!("`{used}` can't be called: {variable}, which would lead to it, has another meaning");
                broken.push(Broken::new(file, &["uses"], why));
            }
        }
    }
    broken
}

fn references(project: &Project) -> Vec<Broken<'_>> {
    let mut broken = Vec::new();
    for (file, service) in services(project) {
        for (entity, declared) in &service.entities {
            for (name, field) in &declared.fields {
                if let Some((target, other)) = field.target_elsewhere()
                    && let Some(why) = reference(project, service, (target, other), field.kind)
                {
                    let keys = ["entities", entity.as_str(), "fields", name.as_str(), "references"];
                    broken.push(Broken::new(file, &keys, format!("`references: {target}/{other}`: {why}")));
                }
            }
        }
    }
    broken
}

/// What is wrong with a reference.
fn reference(project: &Project, own: &Service, (target, entity): (&str, &str), kind: FieldType) -> Option<String> {
    if own.name.as_str() == target {
        return Some(format!("an entity of the same service is written `{entity}`"));
    }
    let Some((_, service)) = services(project).find(|(_, service)| service.name.as_str() == target) else {
        return Some(format!("there is no service `{target}`{}", meant(target, &known(project))));
    };
    let Some((_, declared)) = service.entities.iter().find(|(name, _)| name.as_str() == entity) else {
        let entities: Vec<&str> = service.entities.keys().map(DnsLabel::as_str).collect();
        return Some(format!("`{target}` has no entity `{entity}`{}", meant(entity, &entities)));
    };
    let (key, named) = match declared.id {
        Some(IdType::Integer) => (FieldType::Integer, "integer"),
        _ => (FieldType::Uuid, "uuid"),
    };
    let why = format!("the id of `{entity}` is of type {named}, the field of type {}", kind.name());
    (key != kind).then_some(why)
}

fn circle(project: &Project) -> Option<Broken<'_>> {
    let all: Vec<&Service> = services(project).map(|(_, service)| service).collect();
    let way = edges::circle(&all)?;
    let (file, service) = services(project).find(|(_, service)| service.name == *way[0])?;
    let keys = if service.uses.contains(way[1]) { vec!["uses"] } else { reference_to(service, way[1]) };
    let way: Vec<&str> = way.iter().map(|name| name.as_str()).collect();
    let why = format!(
        "services call each other in a circle: {}; none could start first, so let one of them publish an event instead",
        way.join(" -> ")
    );
    Some(Broken::new(file, &keys, why))
}

/// Where a service refers to another one's entity.
fn reference_to<'a>(service: &'a Service, other: &DnsLabel) -> Vec<&'a str> {
    for (entity, declared) in &service.entities {
        let mut fields = declared.fields.iter();
        let refers = |field: &Field| field.target_elsewhere().is_some_and(|(target, _)| target == other.as_str());
        if let Some((name, _)) = fields.find(|(_, field)| refers(field)) {
            return vec!["entities", entity.as_str(), "fields", name.as_str(), "references"];
        }
    }
    Vec::new()
}

fn subscriptions(project: &Project) -> Vec<Broken<'_>> {
    let published = services(project).flat_map(|(_, service)| service.publishes.keys());
    let published: Vec<&str> = published.map(EventName::as_str).collect();
    let mut broken = Vec::new();
    for (file, service) in services(project) {
        for event in service.subscribes.iter().filter(|event| !published.contains(&event.as_str())) {
            let event = event.as_str();
            let why = format!("no service publishes `{event}`{}", meant(event, &published));
            broken.push(Broken::new(file, &["subscribes"], why));
        }
    }
    broken
}

/// The same event means the same to all: whoever hears it can't know which service it came from.
fn schemas(project: &Project) -> Vec<Broken<'_>> {
    let mut first: BTreeMap<&str, &Service> = BTreeMap::new();
    let mut broken = Vec::new();
    for (file, service) in services(project) {
        for (name, event) in &service.publishes {
            let other = *first.entry(name.as_str()).or_insert(service);
            if other.publishes.get(name) != Some(event) {
                let why = format!("`{}` publishes `{}` with another schema", other.name, name.as_str());
                broken.push(Broken::new(file, &["publishes", name.as_str()], why));
            }
        }
    }
    broken
}
