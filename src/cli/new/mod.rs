//! `msvc new`: a service from a template, or a system from a blueprint.

mod member;
mod report;
mod service;
mod system;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::Value;

use self::report::Created;
use super::{Context, Outcome, questions::Questions, up};
use crate::error::{Context as _, Error, Result};
use crate::git;
use crate::local::Request;
use crate::progress::Progress;
use crate::project::{self, DnsLabel, FILE, Project};
use crate::scaffold::tree::Tree;
use crate::scaffold::{answers, source, write};
use crate::ui::Report;

/// Arguments of `msvc new`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The name of the service or system: a DNS label that can be a crate's name, such as `orders`
    #[arg(env = "MSVC_NAME", hide_env = true)]
    name: Option<String>,
    /// A built-in template (`msvc templates`), a folder, or a repository: URL#REF:SUBDIR
    #[arg(short, long, env = "MSVC_TEMPLATE", hide_env = true)]
    template: Option<String>,
    /// Make a system of several services from a blueprint: a built-in one (`msvc blueprints`), a folder or a repository
    #[arg(short, long, env = "MSVC_BLUEPRINT", hide_env = true, conflicts_with = "template")]
    blueprint: Option<String>,
    /// Answer one of the questions (`msvc templates show NAME`, `msvc blueprints show NAME`); may be repeated
    #[arg(short, long = "set", value_name = "KEY=VALUE", env = "MSVC_SET", hide_env = true, value_delimiter = '\n')]
    set: Vec<String>,
    /// Take answers from a YAML file
    #[arg(long, value_name = "FILE", env = "MSVC_ANSWERS", hide_env = true)]
    answers: Option<PathBuf>,
    /// Make the new folder in this one
    #[arg(long, value_name = "DIR", env = "MSVC_INTO", hide_env = true)]
    into: Option<PathBuf>,
    /// No git repository
    #[arg(long, env = "MSVC_NO_GIT", hide_env = true)]
    no_git: bool,
    /// Run it here as soon as it is made
    #[arg(long, env = "MSVC_UP", hide_env = true)]
    up: bool,
}

pub(super) fn run(args: &Args, context: &Context) -> Result<Outcome> {
    let name = name(args, context)?;
    match (&args.blueprint, system_around(args, context)?) {
        (Some(blueprint), None) => system::run(args, blueprint, &name, context),
        (None, Some(project)) => member::run(args, &project, &name, context),
        (None, None) => service::run(args, &name, context),
        (Some(_), Some(project)) => Err(Error::usage("a system can't be made inside another one")
            .cause(format!("{} is the system {}", project.root.display(), project.name()))
            .hint("make it elsewhere with --into DIR, or add a service with `msvc new NAME --template T`")),
    }
}

fn name(args: &Args, context: &Context) -> Result<DnsLabel> {
    let what = if args.blueprint.is_some() { "system" } else { "service" };
    let name = match &args.name {
        Some(name) => name.clone(),
        None if context.printer.interactive() => Questions::name(what)?,
        None => return Err(Error::usage(format!("the {what} has no name")).hint("give one: msvc new NAME")),
    };
    DnsLabel::try_from(name).map_err(|why| {
        Error::usage(format!("the {what} can't be called that"))
            .cause(why)
            .hint("a name is a DNS label that can also be a crate's name, such as `orders` or `order-history`")
    })
}

/// The folder that the new one is made in, as the user would write it.
fn parent(args: &Args, context: &Context) -> Result<PathBuf> {
    context.directory()?;
    let base = context.globals.directory.clone().unwrap_or_default();
    Ok(base.join(args.into.as_deref().unwrap_or(Path::new(""))))
}

/// The system that the new service would be a part of.
fn system_around(args: &Args, context: &Context) -> Result<Option<Project>> {
    let parent = std::path::absolute(context.directory()?.join(parent(args, context)?)).ok();
    // A folder that is still to be made lies where the nearest one that is there does.
    let start = parent.and_then(|dir| dir.ancestors().find_map(|above| above.canonicalize().ok()));
    let Some(root) = start.and_then(|start| project::load::system_root(&start).transpose()).transpose()? else {
        return Ok(None);
    };
    project::load(&root).map(Some)
}

/// What was given by `--answers` and `--set`.
fn given(args: &Args) -> Result<Vec<(String, Value)>> {
    let mut given = args.answers.as_deref().map_or_else(|| Ok(Vec::new()), answers::from_file)?;
    given.extend(answers::from_settings(&args.set)?);
    Ok(given)
}

fn template(args: &Args, context: &Context) -> Result<String> {
    match &args.template {
        Some(template) => Ok(template.clone()),
        None if context.printer.interactive() => Questions::template(&source::built_in()?),
        None => Ok("rest".to_owned()),
    }
}

/// What is there already may be what the user wants: say how to go on with it.
fn ensure_free(target: &Path) -> Result<()> {
    write::ensure_free(target).map_err(|error| {
        let shown = target.display();
        if target.join(FILE).is_file() {
            error
                .hint(format!("it is an msvc project: run it with `cd {shown} && msvc up`"))
                .hint("another name, or --into DIR, makes a new one")
        } else {
            error.hint("choose another name, or make it elsewhere with --into DIR")
        }
    })
}

/// Writes a new project in one step; Ctrl-C before that leaves nothing.
fn place(files: Tree, target: &Path, repository: bool, context: &Context) -> Result<()> {
    let stop = Arc::new(AtomicBool::new(false));
    let (target, flag) = (target.to_owned(), Arc::clone(&stop));
    context.block_on(async move {
        let mut writing = tokio::task::spawn_blocking(move || {
            write::write(&files, &target, &flag, |staging| if repository { git::init(staging) } else { Ok(()) })
        });
        let written = tokio::select! {
            written = &mut writing => written,
            () = super::context::interrupted() => {
                stop.store(true, Ordering::Relaxed);
                writing.await
            }
        };
        written.failed(|| "writing the files broke off")?
    })
}

/// Tells what was made, and with `--up` runs it: `services` of it, or (none) all.
fn finish(args: &Args, created: &Created, root: &Path, services: &[String], context: &Context) -> Result<Outcome> {
    if !args.up {
        context.printer.report(created)?;
        return Ok(Outcome::Done);
    }
    context.printer.message(created.text().lines().next().unwrap_or_default());
    let root = root.canonicalize().failed(|| format!("could not find {}", root.display()))?;
    let project = project::load(&root)?;
    up::bring_up(&Request { project: &project, services, port: None, watch: false }, context)
}
