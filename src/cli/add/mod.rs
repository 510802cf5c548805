//! `msvc add`: extends a project, and brings its code up to what it then declares.

mod dependency;
mod entity;
mod report;

use std::path::{Path, PathBuf};

pub(super) use self::report::Added;
use self::report::Addition;
use super::{Context, Outcome};
use crate::error::{Context as _, Error, Result};
use crate::progress::Progress;
use crate::project::load::parse_service;
use crate::project::{self, FILE, Project, Service};
use crate::scaffold::apply::{self, Writer};
use crate::scaffold::lock;
use crate::scaffold::regenerate::{self, Plan};
use crate::scaffold::system::{self, Edit};

/// Arguments of `msvc add`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Sub,
}

#[derive(Debug, clap::Subcommand)]
enum Sub {
    /// Add an entity to a service, or fields to one that it has
    ///
    /// msvc.yaml is edited in place, and the code is brought up to it: what you changed in generated files is kept and
    /// merged with what is new. Tables that exist are changed by new migrations; old ones stay as they are. Without
    /// fields, an entity that you wrote into msvc.yaml by hand is brought into the code.
    Entity(entity::EntityArgs),
    /// Let a service of a system call another one
    ///
    /// msvc.yaml is edited in place, and the service gets a client of the other one, made from its openapi.json; again,
    /// the client follows that. `msvc up` and the cluster tell it where the other one is, and the cluster lets it through.
    Dependency(dependency::DependencyArgs),
}

/// How files are written.
#[derive(Debug, clap::Args)]
struct Writing {
    /// Only list the files that would be made or changed
    #[arg(long, env = "MSVC_DRY_RUN", hide_env = true)]
    dry_run: bool,
    /// Where your changes and the new ones exclude each other, write both with conflict markers
    #[arg(long, env = "MSVC_WRITE_CONFLICTS", hide_env = true)]
    write_conflicts: bool,
}

pub(super) fn run(args: &Args, context: &Context) -> Result<Outcome> {
    match &args.command {
        Sub::Entity(args) => entity::run(args, context),
        Sub::Dependency(args) => dependency::run(args, context),
    }
}

/// A change of one service's msvc.yaml.
trait Change: Send + 'static {
    /// What the file then says, as text and as it is read.
    fn declare(&self, text: &str, service: &Service) -> Result<(String, Service)>;

    /// Whether migrations may drop what is no longer declared.
    fn allow_data_loss(&self) -> bool {
        false
    }
}

/// Makes a change to the service in `dir`, and brings the code up to it.
fn bring(
    (project, dir): (Project, PathBuf),
    change: impl Change,
    addition: Addition,
    writing: &Writing,
    context: &Context,
) -> Result<Outcome> {
    let root = project.root.clone();
    if writing.dry_run && apply::is_pending(&root) {
        return Err(Error::usage("an earlier run was broken off and waits to be completed")
            .hint("run this without --dry-run: msvc goes on where it stopped"));
    }
    // Before anything is written there.
    lock::read(&dir)?;
    let writer = if writing.dry_run { None } else { Some(Writer::take(&root)?) };
    if writer.as_ref().map_or(Ok(false), Writer::resume)? {
        context.printer.message("completed what an earlier run, which was broken off, had begun");
    }
    // Fetching a template may take long: Ctrl-C ends it, before anything is written.
    let (service, plan) = context.block_on(async move {
        tokio::task::spawn_blocking(move || plan(&project, &dir, &change)).await.failed(|| "the work broke off")?
    })?;
    let conflicts: Vec<&str> = plan.conflicts().collect();
    if !conflicts.is_empty() && !writing.write_conflicts {
        return Err(refusal(&conflicts));
    }
    if let Some(version) = &plan.new_version {
        context.printer.message(&format!("the template is now {version}; what is new in it comes along"));
    }
    if let Some(writer) = writer
        && !plan.changes.is_empty()
    {
        // From here on Ctrl-C waits: it takes a moment, and all files belong together.
        context.block_on_whole(async { writer.apply(&plan.writes()) })?;
    }
    for path in &conflicts {
        context
            .printer
            .warning(&format!("{path}: your changes and the new ones exclude each other; resolve them there"));
    }
    let outcome = if conflicts.is_empty() || writing.dry_run { Outcome::Done } else { Outcome::Conflicts };
    context.printer.report(&Added::of(&service, addition, writing.dry_run, &plan))?;
    Ok(outcome)
}

fn plan(project: &Project, dir: &Path, change: &impl Change) -> Result<(Service, Plan)> {
    let file = dir.join(FILE);
    let text = std::fs::read_to_string(&file).invalid(|| format!("could not read {}", file.display()))?;
    let (text, service) = change.declare(&text, &parse_service(&text, FILE)?)?;
    let allow_data_loss = change.allow_data_loss();
    let plan = match &project.system {
        None => regenerate::plan(dir, &text, &service, allow_data_loss)?,
        Some(system) => {
            let edit = Edit::Declare { dir, declared: &text, service: &service, allow_data_loss };
            system::plan(project, system, &edit)?
        }
    };
    Ok((service, plan))
}

/// The project, and the folder of the service called `name`, or else of that which the command works in.
fn service_around(name: Option<&str>, context: &Context) -> Result<(Project, PathBuf)> {
    let dir = context.directory()?;
    // The whole project is read, so that it is known to be valid.
    let project = project::load(&project::find_root(&dir)?)?;
    if let Some(name) = name {
        let found = project.service(name)?.dir.clone();
        return Ok((project, found));
    }
    let around = project.services.iter().find(|file| dir.starts_with(&file.dir));
    let which = || Error::usage("which service?").hint("work in a service's folder, or name it with -C DIR");
    let found = around.map(|file| file.dir.clone()).ok_or_else(which)?;
    Ok((project, found))
}

fn refusal(conflicts: &[&str]) -> Error {
    let one = if conflicts.len() == 1 { "a file" } else { "files" };
    let error = Error::usage(format!("your changes and the new ones exclude each other in {one}; nothing was written"));
    let error = conflicts.iter().fold(error, |error, path| error.cause((*path).to_owned()));
    error.hint("--write-conflicts writes both with conflict markers, which you then resolve as after `git merge`")
}
