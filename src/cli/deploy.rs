//! `msvc deploy`: brings an environment to what the project says, waits, and explains.

use std::time::Duration;

use console::style;
use jiff::SignedDuration;

use super::environment::Environment;
use super::images::Choice;
use super::{Context, Outcome, images};
use crate::error::Result;
use crate::git;
use crate::kubernetes::apply::Action;
use crate::kubernetes::deploy::{Changed, Deployed, Request, deploy};
use crate::ui::Report;

/// Arguments of `msvc deploy`.
#[derive(Debug, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub struct Args {
    /// Only these services
    #[arg(value_name = "SERVICE")]
    services: Vec<String>,
    #[command(flatten)]
    environment: Environment,
    #[command(flatten)]
    images: Choice,
    /// Build and push the images that are not in their registry yet
    #[arg(long, conflicts_with_all = ["image", "images", "dry_run"], env = "MSVC_BUILD", hide_env = true)]
    build: bool,
    /// Validate on the server, show what would be done, and change nothing
    #[arg(long, env = "MSVC_DRY_RUN", hide_env = true)]
    dry_run: bool,
    /// Go back to the last revision that came to run, where this one does not
    #[arg(long, visible_alias = "atomic", env = "MSVC_ROLLBACK_ON_FAILURE", hide_env = true)]
    rollback_on_failure: bool,
    /// How long to wait until all services run, for example 90s or 5m
    #[arg(long, value_name = "D", default_value = "5m", value_parser = duration, env = "MSVC_TIMEOUT", hide_env = true)]
    timeout: Duration,
    /// Take over fields that someone else set
    #[arg(long, env = "MSVC_FORCE_CONFLICTS", hide_env = true)]
    force_conflicts: bool,
    /// Don't look first for what would keep it from running: rights, quota, Secrets, images and the like
    #[arg(long, env = "MSVC_SKIP_PREFLIGHT", hide_env = true)]
    skip_preflight: bool,
}

pub(super) fn run(args: &Args, context: &Context) -> Result<Outcome> {
    let settings = args.environment.settings(context)?;
    let selected = settings.clone().select(&args.services)?;
    let commit = git::describe(&settings.root)?.map(|r| r.tag.unwrap_or(r.short));
    let done = context.block_on(async {
        if args.build {
            images::build_missing(&selected, &context.printer).await?;
        }
        let chosen = images::choose(&settings, &selected, &args.images).await?;
        let (images, preflight) =
            if args.skip_preflight { (chosen.all()?, None) } else { (chosen.images, Some(chosen.missing)) };
        let request = Request {
            settings: &settings,
            images: &images,
            selected: &args.services,
            commit,
            user: user(),
            dry_run: args.dry_run,
            force: args.force_conflicts,
            rollback_on_failure: args.rollback_on_failure,
            timeout: args.timeout,
            preflight,
        };
        deploy(&request, &context.printer).await
    })?;
    context.printer.report(&done)?;
    Ok(Outcome::Done)
}

/// Who deploys: in a pipeline whoever set it off.
pub(super) fn user() -> String {
    let named = |variable: &&str| std::env::var(variable).ok().filter(|v| !v.is_empty());
    ["GITHUB_ACTOR", "GITLAB_USER_LOGIN", "USER", "LOGNAME"]
        .iter()
        .find_map(named)
        .unwrap_or_else(|| "someone".to_owned())
}

/// A time span such as `90s`, `5m`, `1h 30m`; a plain number is seconds.
pub(super) fn duration(text: &str) -> Result<Duration, String> {
    if let Ok(seconds) = text.parse() {
        return Ok(Duration::from_secs(seconds));
    }
    let span: SignedDuration = text.parse().map_err(|_| "a time span is written like 90s, 5m or 1h30m".to_owned())?;
    span.try_into().map_err(|_| "a time span can't be negative".to_owned())
}

impl Report for Deployed {
    fn text(&self) -> String {
        let place = self.environment.as_deref().unwrap_or("the cluster");
        if !self.changed() {
            return if self.dry_run {
                format!("nothing to do: {place} is as the project says\n")
            } else {
                format!("nothing to do: {place} runs revision {} already\n", self.revision)
            };
        }
        let unchanged = self.changes.iter().filter(|c| c.action == Action::Unchanged).count();
        let mut lines: Vec<String> = self.changes.iter().filter(|c| c.action != Action::Unchanged).map(line).collect();
        if unchanged > 0 {
            lines.push(style(format!("unchanged  {unchanged} more")).dim().to_string());
        }
        lines.push(if self.dry_run {
            format!("{place} would get revision {}; nothing was changed", self.revision)
        } else {
            format!("{place} runs revision {}", self.revision)
        });
        lines.join("\n") + "\n"
    }
}

fn line(change: &Changed) -> String {
    let action = match change.action {
        Action::Created => style("created   ").green(),
        Action::Configured => style("configured").yellow(),
        Action::Unchanged => style("unchanged ").dim(),
        Action::Pruned => style("pruned    ").red(),
    };
    format!("{action} {}", change.object)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_spans_are_read_as_people_write_them() {
        assert_eq!(duration("90"), Ok(Duration::from_secs(90)));
        assert_eq!(duration("90s"), Ok(Duration::from_secs(90)));
        assert_eq!(duration("1h30m"), Ok(Duration::from_mins(90)));
        assert!(duration("-5m").is_err());
        assert!(duration("soon").is_err());
    }
}
