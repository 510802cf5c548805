//! `msvc new`: a service from a template.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use console::style;
use serde::Serialize;

use super::{Context, Outcome, questions::Questions, up};
use crate::error::{Context as _, Error, Result};
use crate::git;
use crate::progress::Progress;
use crate::project::{self, DnsLabel, FILE};
use crate::scaffold::answers::{self, Ask};
use crate::scaffold::render::{self, Rendered};
use crate::scaffold::source::Source;
use crate::scaffold::{lock, source, write};
use crate::ui::Report;

/// Arguments of `msvc new`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The service's name: a DNS label that can be a crate's name, such as `orders`
    #[arg(env = "MSVC_NAME", hide_env = true)]
    name: Option<String>,
    /// A built-in template (`msvc templates`), a folder, or a repository: URL#REF:SUBDIR
    #[arg(short, long, env = "MSVC_TEMPLATE", hide_env = true)]
    template: Option<String>,
    /// Answer one of the template's questions (`msvc templates show NAME`); may be repeated
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

/// What was made.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Created {
    api_version: &'static str,
    kind: &'static str,
    name: String,
    path: PathBuf,
    template: String,
    files: usize,
    repository: bool,
}

pub(super) fn run(args: &Args, context: &Context) -> Result<Outcome> {
    let ask = context.printer.interactive().then_some(Questions);
    let ask = ask.as_ref().map(|q| q as &dyn Ask);
    let name = name(args, context)?;
    let target = target(args, context, &name)?;
    write::ensure_free(&target).map_err(|e| go_on(e, &target))?;
    let source = source::load(&template(args, context)?)?;
    let mut given = args.answers.as_deref().map_or_else(|| Ok(Vec::new()), answers::from_file)?;
    given.extend(answers::from_settings(&args.set)?);
    let answers = answers::collect(&source.manifest, given, ask)?;
    let mut rendered = render::render(&source, name.as_str(), &answers)?;
    lock::add(&mut rendered.files, &source.clone().seen_from(&target), &answers)?;
    let repository = !args.no_git && !git::inside_repository(&target);
    place(&rendered, &target, repository, context)?;
    tell(&source, &rendered, &target, repository, args.up, context)?;
    if args.up {
        let root = target.canonicalize().failed(|| format!("could not find {}", target.display()))?;
        return up::bring_up(&project::load(&root)?, &[], None, context);
    }
    Ok(Outcome::Done)
}

fn name(args: &Args, context: &Context) -> Result<DnsLabel> {
    let name = match &args.name {
        Some(name) => name.clone(),
        None if context.printer.interactive() => Questions::name()?,
        None => return Err(Error::usage("the service has no name").hint("give one: msvc new NAME")),
    };
    DnsLabel::try_from(name).map_err(|why| {
        Error::usage("the service can't be called that")
            .cause(why)
            .hint("a name is a DNS label that can also be a crate's name, such as `orders` or `order-history`")
    })
}

/// The new folder, as the user would write it.
fn target(args: &Args, context: &Context, name: &DnsLabel) -> Result<PathBuf> {
    context.directory()?;
    let base = context.globals.directory.clone().unwrap_or_default();
    Ok(base.join(args.into.as_deref().unwrap_or(Path::new(""))).join(name.as_str()))
}

fn template(args: &Args, context: &Context) -> Result<String> {
    match &args.template {
        Some(template) => Ok(template.clone()),
        None if context.printer.interactive() => Questions::template(&source::built_in()?),
        None => Ok("rest".to_owned()),
    }
}

/// What is there already may be what the user wants: say how to go on with it.
fn go_on(error: Error, target: &Path) -> Error {
    let shown = target.display();
    if target.join(FILE).is_file() {
        error
            .hint(format!("it is an msvc project: run it with `cd {shown} && msvc up`"))
            .hint("another name, or --into DIR, makes a new one")
    } else {
        error.hint("choose another name, or make it elsewhere with --into DIR")
    }
}

/// Writes the files in one step; Ctrl-C before that leaves nothing.
fn place(rendered: &Rendered, target: &Path, repository: bool, context: &Context) -> Result<()> {
    let stop = Arc::new(AtomicBool::new(false));
    let (files, target, flag) = (rendered.files.clone(), target.to_owned(), Arc::clone(&stop));
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

fn tell(
    source: &Source,
    rendered: &Rendered,
    target: &Path,
    repository: bool,
    up: bool,
    context: &Context,
) -> Result<()> {
    let created = Created {
        api_version: crate::project::API_VERSION,
        kind: "Created",
        name: rendered.service.name.to_string(),
        path: target.to_owned(),
        template: source.origin.clone(),
        files: rendered.files.len(),
        repository,
    };
    if up {
        context.printer.message(created.text().lines().next().unwrap_or_default());
        return Ok(());
    }
    context.printer.report(&created)
}

impl Report for Created {
    fn text(&self) -> String {
        let path = self.path.display();
        let committed = if self.repository { ", committed to a new git repository" } else { "" };
        format!(
            "{} {path}: {} files from template {}{committed}\n\n  cd {path}\n  msvc up             # run it here\n  cargo test          # its own tests\n",
            style("Created").green().bold(),
            self.files,
            self.template
        )
    }
}
