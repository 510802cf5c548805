//! `msvc delete`: takes a project out of an environment.

use std::time::Duration;

use super::deploy::{duration, user};
use super::environment::Environment;
use super::{Context, Outcome};
use crate::error::{Error, Result};
use crate::kubernetes::delete::{Deleted, Request, delete, find};
use crate::kubernetes::inventory::Inventory;
use crate::project::{API_VERSION, Settings};
use crate::ui::{Prompt, Report};

/// Arguments of `msvc delete`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    environment: Environment,
    /// Delete volume claims and their data too, and the namespace if msvc made it
    #[arg(long, env = "MSVC_PRUNE_DATA", hide_env = true)]
    prune_data: bool,
    /// How long to wait until everything is gone, for example 90s or 5m
    #[arg(long, value_name = "D", default_value = "5m", value_parser = duration, env = "MSVC_TIMEOUT", hide_env = true)]
    timeout: Duration,
}

pub(super) fn run(args: &Args, context: &Context) -> Result<Outcome> {
    let settings = args.environment.settings(context)?;
    let Some(inventory) = context.block_on(find(&settings))? else {
        context.printer.report(&nothing(&settings))?;
        return Ok(Outcome::Done);
    };
    if !agreed(&inventory, &settings, args, context)? {
        return Err(Error::failed("nothing was deleted"));
    }
    let request = Request { settings: &settings, user: user(), prune_data: args.prune_data, timeout: args.timeout };
    let deleted = context.block_on(delete(&request, &context.printer))?;
    context.printer.report(&deleted)?;
    Ok(Outcome::Done)
}

/// Whether the user wants it: asked on a terminal, said by `--yes` elsewhere.
fn agreed(inventory: &Inventory, settings: &Settings, args: &Args, context: &Context) -> Result<bool> {
    if context.globals.yes {
        return Ok(true);
    }
    let environment = settings.environment.as_deref().unwrap_or(&settings.namespace);
    let count = inventory.0.len();
    let what = format!("{count} objects of {} in {environment}", settings.project);
    if !context.printer.interactive() {
        return Err(Error::usage(format!("this deletes {what}")).hint("--yes says that this is meant"));
    }
    for entry in &inventory.0 {
        context.printer.notice(&format!("  {}", entry.id));
    }
    let data = if args.prune_data { ", with all their data" } else { "" };
    Prompt::confirm(&format!("Delete these {what}{data}?"), false)
}

fn nothing(settings: &Settings) -> Deleted {
    Deleted {
        api_version: API_VERSION,
        kind: "Delete",
        environment: settings.environment.clone(),
        deleted: Vec::new(),
        kept: Vec::new(),
    }
}

impl Report for Deleted {
    fn text(&self) -> String {
        let place = self.environment.as_deref().unwrap_or("the cluster");
        if self.deleted.is_empty() && self.kept.is_empty() {
            return format!("nothing to do: nothing is deployed in {place}\n");
        }
        let mut lines: Vec<String> = self.deleted.iter().map(|object| format!("deleted {object}")).collect();
        lines.extend(self.kept.iter().map(|object| format!("kept    {object}")));
        lines.join("\n") + "\n"
    }
}
