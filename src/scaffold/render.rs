//! Template + answers -> files, all in memory. msvc.yaml is rendered first, from the answers; everything else is
//! rendered from what it declares, so that a later re-render needs nothing but the project itself.

use serde_json::{Map, Value, json};

use super::answers::Answers;
use super::context::migrations::{self, History, Migrations};
use super::context::proto::{self, Committed};
use super::engine::Engine;
use super::manifest::Each;
use super::needs::Needs;
use super::peers::Peers;
use super::selection::{self, Selected, stripped};
use super::source::Source;
use super::tree::{Entry, Tree};
use super::{cargo_lock, context, layout, merge};
use crate::error::{Context, Error, Result};
use crate::project::load::parse_service;
use crate::project::{DnsLabel, FILE, Service, entity_spec};

/// What a template renders to.
#[derive(Debug)]
pub struct Rendered {
    /// The service as declared by the rendered msvc.yaml.
    pub service: Service,
    /// Every file.
    pub files: Tree,
}

/// Where a service lies: on its own, or in a system, which has some of its files at the root.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place<'a> {
    /// A project of its own.
    Alone,
    /// In a system.
    InSystem {
        /// The system's first environment.
        environment: &'a str,
        /// The services that it may call.
        peers: &'a Peers,
    },
}

/// Renders `source` for a new service called `name`, on its own.
///
/// # Errors
/// The answers make no valid project, or the template is faulty (exit code 2).
pub fn render(source: &Source, name: &str, answers: &Answers) -> Result<Rendered> {
    render_at(source, name, answers, Place::Alone)
}

/// Renders `source` for a new service called `name`.
///
/// # Errors
/// Those of [`render`].
pub fn render_at(source: &Source, name: &str, answers: &Answers, place: Place) -> Result<Rendered> {
    let declared = engine(source)?.render(FILE, &answers_context(name, answers, place)?)?;
    declared_as(source, &declared, answers, place).map_err(|mut error| {
        if error.message == format!("{FILE} is not valid") {
            error.message = format!("the answers make no valid {FILE}");
        }
        error
    })
}

/// Renders `source` for a new service whose msvc.yaml is `declared`.
///
/// # Errors
/// It declares what can't be generated, or the template is faulty (exit code 2).
pub fn declared_as(source: &Source, declared: &str, answers: &Answers, place: Place) -> Result<Rendered> {
    let service = parse_service(declared, FILE)?;
    let options = options(source, &service, place);
    let own = selection::files(source, &options, &source.manifest.needs(&[&options]))?;
    let history = History { there: selection::migrations(&own), hears: hears(&options), ..History::default() };
    let planned = migrations::plan(&service, history)?;
    let mut files = again(source, &service, answers, &planned, &Committed::default(), place)?;
    files.insert(FILE.to_owned(), Entry::file(declared.as_bytes()));
    Ok(Rendered { service, files })
}

/// Renders `source` for a service that exists: everything but its msvc.yaml, which is the user's, and the migrations
/// that it has.
///
/// # Errors
/// The service declares what can't be generated, or the template is faulty (exit code 2).
pub fn again(
    source: &Source,
    service: &Service,
    answers: &Answers,
    planned: &Migrations,
    committed: &Committed,
    place: Place,
) -> Result<Tree> {
    let options = options(source, service, place);
    check_events(source, service, &options)?;
    let mut context = context::of(service, peers(source, place))?;
    if context::is_grpc(&options) {
        proto::extend(&mut context, service, committed)?;
    }
    context["answers"] = Value::Object(answers.clone());
    context["services"] = context::services(service, &options).into();
    context["options"] = Value::Object(options.clone());
    if let Place::InSystem { environment, .. } = place {
        context["environment"] = environment.into();
    }
    let needs = source.manifest.needs(&[&options]);
    context["needs"] = json!(needs);
    let shared = merge::globs(&source.manifest.shared)?;
    let mut files = selection::files(source, &options, &needs)?;
    files.retain(|file| place == Place::Alone || !shared.is_match(file.path));
    let rendered = render_files(&engine(source)?, files, &context, planned)?;
    let lock = rendered.get("Cargo.lock").and_then(|entry| std::str::from_utf8(&entry.bytes).ok());
    check_name(&service.name, lock.unwrap_or_default())?;
    Ok(rendered)
}

/// Events are heard by those that can, and by those that are there for nothing else.
fn check_events(source: &Source, service: &Service, options: &Map<String, Value>) -> Result<()> {
    let (name, template) = (&service.name, &source.manifest.name);
    if service.subscribes.is_empty() {
        return if source.manifest.constants.get(INBOX) == Some(&Value::Bool(true)) {
            Err(Error::usage(format!("service `{name}` handles no event"))
                .cause(format!("that is what template {template} is for"))
                .hint("name one: --set subscribes=order.created, or `subscribes: [order.created]` in msvc.yaml"))
        } else {
            Ok(())
        };
    }
    let unable = |why: String| Err(Error::usage(format!("service `{name}` can't hear events")).cause(why));
    if context::is_grpc(options) {
        return unable(format!("template {template} takes none in")).map_err(|error: Error| {
            error.hint("let a service made from `rest` or `worker` hear them, and call this one")
        });
    }
    if hears(options) && options.get("store").is_some_and(|store| store == "none") {
        return unable("until they are handled they are in its database, and it has none".to_owned())
            .map_err(|error: Error| error.hint("`store: sql` among the options of its template gives it one"));
    }
    Ok(())
}

/// The option that is on in services which hear events. It follows from what they subscribe to.
const INBOX: &str = "inbox";

/// Whether a service with these options hears events.
#[must_use]
pub(super) fn hears(options: &Map<String, Value>) -> bool {
    options.get(INBOX) == Some(&Value::Bool(true))
}

/// What a service's files and texts depend on.
#[must_use]
pub fn options(source: &Source, service: &Service, place: Place) -> Map<String, Value> {
    let mut options = source.manifest.options(&service.template.options);
    options.insert("system".to_owned(), (place != Place::Alone).into());
    options.insert(INBOX.to_owned(), (source.manifest.has_inbox() && !service.subscribes.is_empty()).into());
    // Which of the services that it uses speak gRPC, a gateway in a system need not be told.
    if let (Place::InSystem { peers, .. }, Some(Value::Array(told))) = (place, options.get_mut("grpc")) {
        let known: Vec<Value> = peers.by_grpc(service).map(|name| json!(name)).collect();
        told.extend(known.into_iter().filter(|name| !told.contains(name)).collect::<Vec<_>>());
    }
    let is_told = options.get("grpc").and_then(Value::as_array).is_some_and(|names| !names.is_empty());
    if is_told {
        options.insert("dial".to_owned(), true.into());
    }
    options
}

/// Those of a system that a service of this template may call by generated clients.
pub(super) fn peers<'a>(source: &Source, place: Place<'a>) -> Option<&'a Peers> {
    match place {
        Place::InSystem { peers, .. } if source.manifest.clients => Some(peers),
        _ => None,
    }
}

/// Renders the msvc.yaml of a system.
///
/// # Errors
/// The template is faulty (exit code 2).
pub(super) fn system_declaration(source: &Source, context: &Value) -> Result<String> {
    engine(source)?.render(FILE, context)
}

/// Renders files that are each written once.
///
/// # Errors
/// One of them is faulty (exit code 2).
pub(super) fn plain(files: &Tree, context: &Value) -> Result<Tree> {
    let (engine, mut rendered) = (engine_of(files)?, Tree::default());
    for (path, entry) in files.iter() {
        render_file(&engine, &Selected { path: stripped(path), entry, each: None }, context, &mut rendered)?;
    }
    Ok(rendered)
}

/// Renders what a system has at its root, for services that have these options.
///
/// # Errors
/// The template is faulty (exit code 2).
pub(super) fn root(source: &Source, services: &[&Map<String, Value>], context: &Value) -> Result<Tree> {
    let needs = source.manifest.needs(services);
    let options = Map::from_iter([("system".to_owned(), Value::Bool(true))]);
    let mut context = with(context, "options", &Value::Object(options.clone()));
    context["needs"] = json!(needs);
    let files = selection::files(source, &options, &needs)?;
    render_files(&engine(source)?, files, &context, &Migrations::default())
}

fn engine(source: &Source) -> Result<Engine> {
    engine_of(&source.files)
}

fn engine_of(files: &Tree) -> Result<Engine> {
    let texts = texts(files);
    Engine::new(texts.iter().flat_map(|(path, text)| [(path.clone(), *text), (path_name(path), path.as_str())]))
}

/// Renders a folder that templates share, on its own, for services that need this of it; see
/// [`source::shared`](super::source::shared).
///
/// # Errors
/// The folder is faulty (exit code 2).
pub fn shared(folder: &Source, needs: &Needs) -> Result<Tree> {
    let engine = engine(folder)?;
    let context = json!({ "needs": needs });
    let mut rendered = Tree::default();
    for file in selection::files(folder, &Map::new(), needs)? {
        render_file(&engine, &file, &context, &mut rendered)?;
    }
    Ok(rendered)
}

/// What msvc.yaml is rendered from: the answers, `name`, and where the template asks for `entity` and `fields`,
/// the entity that they describe as `entities`.
fn answers_context(name: &str, answers: &Answers, place: Place) -> Result<Value> {
    let mut context = answers.clone();
    context.insert("system".to_owned(), (place != Place::Alone).into());
    context.insert("name".to_owned(), name.into());
    context.insert("msvc_version".to_owned(), env!("CARGO_PKG_VERSION").into());
    if let (Some(Value::String(entity)), Some(Value::Array(fields))) = (answers.get("entity"), answers.get("fields")) {
        let fields: Vec<&str> = fields.iter().filter_map(Value::as_str).collect();
        let declared = entity_spec::entity(&fields)?;
        let declared = serde_json::to_value(declared).failed(|| "could not represent the entity")?;
        context.insert("entities".to_owned(), json!({ entity: declared }));
    }
    Ok(Value::Object(context))
}

/// The files that are text, by their name without `.tera`; others are copied as they are.
fn texts(files: &Tree) -> Vec<(String, &str)> {
    files
        .iter()
        .filter_map(|(path, entry)| Some((stripped(path).to_owned(), std::str::from_utf8(&entry.bytes).ok()?)))
        .collect()
}

/// The name of the template that renders a file's path.
fn path_name(path: &str) -> String {
    format!("path of {path}")
}

fn render_files(engine: &Engine, files: Vec<Selected<'_>>, context: &Value, planned: &Migrations) -> Result<Tree> {
    let mut rendered = Tree::default();
    for file in files {
        let Some(each) = file.each else {
            render_file(engine, &file, context, &mut rendered)?;
            continue;
        };
        for (name, item) in items(each, context, planned) {
            render_file(engine, &file, &with(context, name, &item), &mut rendered)?;
        }
    }
    Ok(rendered)
}

/// What a file is repeated over, each with the name that it has in the template.
fn items(each: Each, context: &Value, planned: &Migrations) -> Vec<(&'static str, Value)> {
    let entities = context["entities"].as_array().into_iter().flatten();
    let created = |entity: &Value| {
        let migration = planned.created.get(entity["name"].as_str()?)?;
        Some(("entity", with(entity, "migration", &migration.as_str().into())))
    };
    match each {
        Each::Entities => entities.map(|entity| ("entity", entity.clone())).collect(),
        Each::Created => entities.filter_map(created).collect(),
        Each::Inbox => planned.inbox.iter().map(|name| ("inbox", json!({ "migration": name }))).collect(),
        Each::Changes => planned.changes.iter().map(|change| ("change", change.clone())).collect(),
    }
}

fn render_file(engine: &Engine, file: &Selected<'_>, context: &Value, into: &mut Tree) -> Result<()> {
    let Selected { path, entry, .. } = *file;
    let (target, bytes) = if std::str::from_utf8(&entry.bytes).is_ok() {
        (engine.render(&path_name(path), context)?, engine.render(path, context)?.into_bytes())
    } else {
        (path.to_owned(), entry.bytes.clone())
    };
    let escapes = target.starts_with('/') || target.split('/').any(|part| part == ".." || part.is_empty());
    if escapes || target.starts_with(".git/") {
        return Err(Error::invalid(format!("the template's file {path} would be written to {target:?}")));
    }
    // A file that has nothing to say is not written.
    if bytes.trim_ascii().is_empty() && !entry.bytes.is_empty() {
        return Ok(());
    }
    let bytes = match target.rsplit(['/', '.']).next() {
        Some("lock") => adjusted(bytes, cargo_lock::sort),
        Some("rs") => adjusted(bytes, layout::fit),
        _ => bytes,
    };
    into.insert(target, Entry { bytes, executable: entry.executable });
    Ok(())
}

fn adjusted(bytes: Vec<u8>, adjust: fn(&str) -> String) -> Vec<u8> {
    match String::from_utf8(bytes) {
        Ok(text) => adjust(&text).into_bytes(),
        Err(e) => e.into_bytes(),
    }
}

fn with(context: &Value, key: &str, value: &Value) -> Value {
    let mut map: Map<String, Value> = context.as_object().cloned().unwrap_or_default();
    map.insert(key.to_owned(), value.clone());
    Value::Object(map)
}

/// A service can't have the name of a crate that it depends on: cargo would not know which is meant.
pub(super) fn check_name(name: &DnsLabel, lock: &str) -> Result<()> {
    let line = format!("name = \"{name}\"");
    if lock.lines().filter(|l| *l == line).count() > 1 {
        return Err(Error::usage(format!("a service can't be called `{name}`"))
            .cause("a crate that it depends on has that name")
            .hint("choose a name of the domain, for example `orders`"));
    }
    Ok(())
}
