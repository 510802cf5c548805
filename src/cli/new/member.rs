//! A service for a system that is there.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::{Args, Context, Created, Outcome, Questions};
use crate::error::{Error, Result};
use crate::progress::Progress;
use crate::project::{DnsLabel, Project, Service, System};
use crate::scaffold::answers::{self, Ask};
use crate::scaffold::apply::Writer;
use crate::scaffold::manifest::Manifest;
use crate::scaffold::merge::Action;
use crate::scaffold::peers::Peers;
use crate::scaffold::render::{self, Place};
use crate::scaffold::source;
use crate::scaffold::system::{self, About, Edit, Newcomer};

/// What the system says for all of its services.
const OF_THE_SYSTEM: [&str; 4] = ["registry", "context", "namespace", "environment"];

pub(super) fn run(args: &Args, project: &Project, name: &DnsLabel, context: &Context) -> Result<Outcome> {
    let Some(declared) = &project.system else { return Err(Error::usage("there is no system here")) };
    let dir = system::place_of(project, declared, name.as_str())?;
    let target = project.root.join(&dir);
    super::ensure_free(&target)?;
    let source = source::load(&super::template(args, context)?)?;
    let ask = context.printer.interactive().then_some(Questions);
    let ask = ask.as_ref().map(|q| q as &dyn Ask);
    let given = given(args, project, declared, &source.manifest)?;
    let answers = answers::collect(&source.manifest, given, ask)?;
    let (environment, peers) = (About::of(declared).environment, Peers::of(project));
    let place = Place::InSystem { environment: &environment, peers: &peers };
    let rendered = render::render_at(&source, name.as_str(), &answers, place)?;
    let newcomer = Newcomer { dir, source, answers, rendered };

    let writer = Writer::take(&project.root)?;
    if writer.resume()? {
        context.printer.message("completed what an earlier run, which was broken off, had begun");
    }
    let plan = system::plan(project, declared, &Edit::Add(&newcomer))?;
    let conflicts: Vec<&str> = plan.conflicts().collect();
    if !conflicts.is_empty() {
        let error = Error::usage("your changes and those for the new service exclude each other; nothing was written");
        let error = conflicts.iter().fold(error, |error, path| error.cause((*path).to_owned()));
        return Err(error.hint("take yours back for a moment, or make the system's files as they were generated"));
    }
    // From here on Ctrl-C waits: it takes a moment, and all files belong together.
    context.block_on_whole(async { writer.apply(&plan.writes()) })?;
    let below = format!("{}/", newcomer.dir);
    let (own, others): (Vec<_>, Vec<_>) = plan.changes.iter().partition(|change| change.path.starts_with(&below));
    let (new, others): (Vec<_>, Vec<_>) = others.into_iter().partition(|change| change.action == Action::Create);
    let changed = others.iter().filter(|change| change.action != Action::Skip).map(|change| change.path.clone());
    let created = Created {
        name: name.to_string(),
        path: shown(&target),
        template: Some(newcomer.source.origin.clone()),
        files: own.len() + new.len(),
        system: Some(declared.name.to_string()),
        changed: changed.collect(),
        ..Created::default()
    };
    super::finish(args, &created, &project.root, &[name.to_string()], context)
}

/// What was given, and what the system knows already.
fn given(args: &Args, project: &Project, system: &System, manifest: &Manifest) -> Result<Vec<(String, Value)>> {
    let mut given = super::given(args)?;
    if let Some((name, _)) = given.iter().find(|(name, _)| OF_THE_SYSTEM.contains(&name.as_str())) {
        return Err(Error::usage(format!("`{name}` has no meaning here"))
            .cause(format!("where services run, the msvc.yaml of {} says for all of them", system.name)));
    }
    // A gateway stands before all services, unless told otherwise.
    let is_gateway = manifest.constants.get("api").is_some_and(|api| api == "gateway");
    if is_gateway && !project.services.is_empty() && !given.iter().any(|(name, _)| name == "services") {
        let called = project.services.iter().map(|file| &file.service).filter(|service| service.subscribes.is_empty());
        let (grpc, http): (Vec<&Service>, Vec<&Service>) = called.partition(|service| service.speaks_grpc());
        let names = |services: &[&Service]| -> Value { services.iter().map(|service| json!(service.name)).collect() };
        given.push(("services".to_owned(), names(&http)));
        if !given.iter().any(|(name, _)| name == "grpc") {
            given.push(("grpc".to_owned(), names(&grpc)));
        }
    }
    Ok(given)
}

/// As the user would write it: as it is found from where they are.
fn shown(target: &Path) -> PathBuf {
    let here = std::env::current_dir().and_then(|dir| dir.canonicalize()).unwrap_or_default();
    source::relative_path(&here, target).map_or_else(|| target.to_owned(), PathBuf::from)
}
