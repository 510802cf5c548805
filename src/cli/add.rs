//! `msvc add`: extends a project, and brings its code up to what it then declares.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use console::style;
use schemars::JsonSchema;
use serde::Serialize;

use super::{Context, Outcome};
use crate::error::{Context as _, Error, Result};
use crate::progress::Progress;
use crate::project::load::parse_service;
use crate::project::{self, DnsLabel, FILE, Project, Service, edit, entity_spec};
use crate::scaffold::apply::{self, Writer};
use crate::scaffold::lock;
use crate::scaffold::merge::Action;
use crate::scaffold::regenerate::{self, Plan};
use crate::scaffold::system::{self, Edit};
use crate::ui::Report;

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
    Entity(EntityArgs),
}

/// Arguments of `msvc add entity`.
#[derive(Debug, clap::Args)]
struct EntityArgs {
    /// The entity, in the singular, such as `customer` or `order-item`
    name: String,
    /// Its fields: NAME:TYPE[=ARGUMENTS][:MODIFIER[=VALUE]].., such as `total:decimal=10,2:minimum=0`
    #[arg(value_name = "FIELD:TYPE")]
    fields: Vec<String>,
    /// Only list the files that would be made or changed
    #[arg(long, env = "MSVC_DRY_RUN", hide_env = true)]
    dry_run: bool,
    /// Where your changes and the new ones exclude each other, write both with conflict markers
    #[arg(long, env = "MSVC_WRITE_CONFLICTS", hide_env = true)]
    write_conflicts: bool,
    /// Let migrations drop columns and tables that are no longer declared
    #[arg(long, env = "MSVC_ALLOW_DATA_LOSS", hide_env = true)]
    allow_data_loss: bool,
}

/// What was added.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Added {
    /// `msvc/v1`.
    api_version: &'static str,
    /// `Added`.
    kind: &'static str,
    /// The service.
    service: String,
    /// The entity.
    entity: String,
    /// Whether nothing was written.
    dry_run: bool,
    /// What happened to each file, in the order of their paths; empty where all was up to date.
    files: Vec<FileReport>,
}

/// What happened to a file.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct FileReport {
    /// Relative to the project's folder.
    path: String,
    /// What happened.
    action: Action,
}

pub(super) fn run(args: &Args, context: &Context) -> Result<Outcome> {
    let Sub::Entity(args) = &args.command;
    let name = DnsLabel::try_from(args.name.as_str()).map_err(|why| {
        Error::usage("the entity can't be called that")
            .cause(why)
            .hint("a name is in the singular, such as `customer` or `order-item`")
    })?;
    let fields = entity_spec::entity(&args.fields)?;
    let (project, dir) = service_around(&context.directory()?)?;
    let root = project.root.clone();
    let work = Work { name, fields, project, dir, allow_data_loss: args.allow_data_loss };
    if args.dry_run && apply::is_pending(&root) {
        return Err(Error::usage("an earlier run was broken off and waits to be completed")
            .hint("run this without --dry-run: msvc goes on where it stopped"));
    }
    // Before anything is written there.
    lock::read(&work.dir)?;
    let writer = if args.dry_run { None } else { Some(Writer::take(&root)?) };
    if writer.as_ref().map_or(Ok(false), Writer::resume)? {
        context.printer.message("completed what an earlier run, which was broken off, had begun");
    }
    // Fetching a template may take long: Ctrl-C ends it, before anything is written.
    let (service, plan) = context.block_on(async move {
        tokio::task::spawn_blocking(move || work.plan()).await.failed(|| "the work broke off")?
    })?;
    let conflicts: Vec<&str> = plan.conflicts().collect();
    if !conflicts.is_empty() && !args.write_conflicts {
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
    let outcome = if conflicts.is_empty() || args.dry_run { Outcome::Done } else { Outcome::Conflicts };
    context.printer.report(&Added::of(&service, &args.name, args.dry_run, &plan))?;
    Ok(outcome)
}

struct Work {
    name: DnsLabel,
    fields: crate::project::entity::Entity,
    project: Project,
    /// The service's folder.
    dir: PathBuf,
    allow_data_loss: bool,
}

impl Work {
    fn plan(&self) -> Result<(Service, Plan)> {
        let file = self.dir.join(FILE);
        let text = std::fs::read_to_string(&file).invalid(|| format!("could not read {}", file.display()))?;
        let service = parse_service(&text, FILE)?;
        if service.stores_nothing() {
            return Err(Error::usage(format!("service `{}` stores nothing: it can't have entities", service.name))
                .cause(format!("{FILE} says `store: none`"))
                .hint("entities live in a service that stores: make one with `msvc new NAME --set store=sql`"));
        }
        let (text, service) = edit::add(&text, &service, &self.name, &self.fields)?;
        let (dir, allow_data_loss) = (self.dir.as_path(), self.allow_data_loss);
        let plan = match &self.project.system {
            None => regenerate::plan(dir, &text, &service, allow_data_loss)?,
            Some(system) => {
                let edit = Edit::Declare { dir, declared: &text, service: &service, allow_data_loss };
                system::plan(&self.project, system, &edit)?
            }
        };
        Ok((service, plan))
    }
}

/// The project, and the folder of the service that `dir` lies in.
fn service_around(dir: &Path) -> Result<(Project, PathBuf)> {
    // The whole project is read, so that it is known to be valid.
    let project = project::load(&project::find_root(dir)?)?;
    let found = project.services.iter().find(|file| dir.starts_with(&file.dir)).map(|file| file.dir.clone());
    let dir = found
        .ok_or_else(|| Error::usage("which service?").hint("work in a service's folder, or name it with -C DIR"))?;
    Ok((project, dir))
}

fn refusal(conflicts: &[&str]) -> Error {
    let one = if conflicts.len() == 1 { "a file" } else { "files" };
    let error = Error::usage(format!("your changes and the new ones exclude each other in {one}; nothing was written"));
    let error = conflicts.iter().fold(error, |error, path| error.cause((*path).to_owned()));
    error.hint("--write-conflicts writes both with conflict markers, which you then resolve as after `git merge`")
}

impl Added {
    fn of(service: &Service, entity: &str, dry_run: bool, plan: &Plan) -> Self {
        let mut files: Vec<FileReport> =
            plan.changes.iter().map(|c| FileReport { path: c.path.clone(), action: c.action }).collect();
        files.sort_by(|a, b| a.path.cmp(&b.path));
        let service = service.name.to_string();
        Self { api_version: project::API_VERSION, kind: "Added", service, entity: entity.to_owned(), dry_run, files }
    }
}

impl Report for Added {
    fn text(&self) -> String {
        let Self { service, entity, .. } = self;
        if self.files.is_empty() {
            return format!("{service} is up to date with entity {entity}: nothing to do\n");
        }
        let done = if self.dry_run { "Would bring" } else { "Brought" };
        let mut text = format!("{} entity {entity} into {service}:\n", style(done).green().bold());
        for file in &self.files {
            let note = match file.action {
                Action::Merge => "  (with your changes)",
                Action::Skip => "  (you deleted it)",
                _ => "",
            };
            let action = format!("{:?}", file.action).to_lowercase();
            let _ = writeln!(text, "  {:<8} {}{note}", style(action).cyan(), file.path);
        }
        if !self.dry_run {
            text.push_str(
                "\nNothing of yours was lost; `git diff` shows what changed, `cargo test` whether it works.\n",
            );
        }
        text
    }
}
