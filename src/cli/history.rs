//! `msvc history` and `msvc rollback`: the deploys on record, and back to one of them.

use std::time::Duration;

use console::style;

use super::deploy::{duration, user};
use super::environment::Environment;
use super::{Context, Outcome};
use crate::error::Result;
use crate::kubernetes::Images;
use crate::kubernetes::deploy::Request;
use crate::kubernetes::history::{History, Revision, history, rollback};
use crate::ui::Report;

/// Arguments of `msvc history`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    environment: Environment,
}

/// Arguments of `msvc rollback`.
#[derive(Debug, clap::Args)]
pub struct RollbackArgs {
    /// Number of the deploy to go back to; default: the last before the newest that came to run
    revision: Option<u32>,
    #[command(flatten)]
    environment: Environment,
    /// Validate on the server, show what would be done, and change nothing
    #[arg(long, env = "MSVC_DRY_RUN", hide_env = true)]
    dry_run: bool,
    /// How long to wait until all services run, for example 90s or 5m
    #[arg(long, value_name = "D", default_value = "5m", value_parser = duration, env = "MSVC_TIMEOUT", hide_env = true)]
    timeout: Duration,
    /// Take over fields that someone else set
    #[arg(long, env = "MSVC_FORCE_CONFLICTS", hide_env = true)]
    force_conflicts: bool,
    /// Don't look first for what would keep it from running
    #[arg(long, env = "MSVC_SKIP_PREFLIGHT", hide_env = true)]
    skip_preflight: bool,
}

pub(super) fn run(args: &Args, context: &Context) -> Result<Outcome> {
    let settings = args.environment.settings(context)?;
    let history = context.block_on(history(&settings))?;
    context.printer.report(&history)?;
    Ok(Outcome::Done)
}

pub(super) fn run_rollback(args: &RollbackArgs, context: &Context) -> Result<Outcome> {
    let settings = args.environment.settings(context)?;
    let request = Request {
        settings: &settings,
        images: &Images::default(),
        selected: &[],
        commit: None,
        user: user(),
        dry_run: args.dry_run,
        force: args.force_conflicts,
        rollback_on_failure: false,
        timeout: args.timeout,
        preflight: (!args.skip_preflight).then(Vec::new),
    };
    let done = context.block_on(rollback(&request, args.revision, &context.printer))?;
    context.printer.report(&done)?;
    Ok(Outcome::Done)
}

impl Report for History {
    fn text(&self) -> String {
        if self.revisions.is_empty() {
            return "no deploy is on record\n".to_owned();
        }
        self.revisions.iter().map(line).collect()
    }
}

fn line(revision: &Revision) -> String {
    let status = match revision.status {
        "deployed" => style("deployed").green(),
        "failed" => style("failed  ").red(),
        _ => style("pending ").yellow(),
    };
    let from = revision.commit.as_ref().map_or(String::new(), |c| format!(" from {c}"));
    let when = revision.when.split('.').next().unwrap_or_default().trim_end_matches('Z').replace('T', " ");
    format!("{:>4}  {status}  {when} UTC  {}{from}\n", revision.revision, revision.who)
}
