//! `msvc diff`: what a deploy would change, as the server tells it by a dry run.

use std::time::Duration;

use console::{Style, style};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;
use similar::{ChangeTag, TextDiff};

use super::deploy::user;
use super::environment::Environment;
use super::images::Choice;
use super::{Context, Outcome, images};
use crate::error::Result;
use crate::kubernetes::apply::Action;
use crate::kubernetes::deploy::{Changed, Request, deploy};
use crate::kubernetes::difference::Difference;
use crate::project::API_VERSION;
use crate::ui::Report;

/// Arguments of `msvc diff`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Only these services
    #[arg(value_name = "SERVICE")]
    services: Vec<String>,
    #[command(flatten)]
    environment: Environment,
    #[command(flatten)]
    images: Choice,
}

/// What a deploy would change.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Diff {
    /// Version of this document: `msvc/v1`.
    api_version: &'static str,
    /// `Diff`.
    kind: &'static str,
    /// The environment; `null` where the project declares none.
    environment: Option<String>,
    /// The objects that would be changed.
    changes: Vec<Changed>,
}

pub(super) fn run(args: &Args, context: &Context) -> Result<Outcome> {
    let settings = args.environment.settings(context)?;
    let selected = settings.clone().select(&args.services)?;
    let seen = context.block_on(async {
        let images = images::choose(&settings, &selected, &args.images).await?.all()?;
        let request = Request {
            settings: &settings,
            images: &images,
            selected: &args.services,
            commit: None,
            user: user(),
            dry_run: true,
            // What someone else set is shown as a difference, too.
            force: true,
            rollback_on_failure: false,
            timeout: Duration::ZERO,
            // It shows what there is to show, whatever would become of it.
            preflight: None,
        };
        deploy(&request, &context.printer).await
    })?;
    let changes: Vec<Changed> = seen.changes.into_iter().filter(|c| c.action != Action::Unchanged).collect();
    let outcome = if changes.is_empty() { Outcome::Done } else { Outcome::Differences };
    context.printer.report(&Diff { api_version: API_VERSION, kind: "Diff", environment: seen.environment, changes })?;
    Ok(outcome)
}

impl Report for Diff {
    fn text(&self) -> String {
        if self.changes.is_empty() {
            return format!("no differences: {} is as the project says\n", self.place());
        }
        self.changes.iter().map(change).collect()
    }
}

impl Diff {
    fn place(&self) -> &str {
        self.environment.as_deref().unwrap_or("the cluster")
    }
}

fn change(change: &Changed) -> String {
    let (sign, color) = match change.action {
        Action::Created => ("+", Style::new().green()),
        Action::Pruned => ("-", Style::new().red()),
        Action::Configured | Action::Unchanged => ("~", Style::new().yellow()),
    };
    let head = color.apply_to(format!("{sign} {}", change.object)).to_string();
    let fields = change.fields.iter().map(field);
    std::iter::once(head).chain(fields).map(|part| part + "\n").collect()
}

fn field(difference: &Difference) -> String {
    let Difference { field, before, after } = difference;
    let (green, red) = (Style::new().green(), Style::new().red());
    match (before, after) {
        (Some(Value::String(old)), Some(Value::String(new))) if old.contains('\n') || new.contains('\n') => {
            format!("    {field}:\n{}", lines(old, new))
        }
        (Some(old), Some(new)) => format!("    {field}: {} -> {}", red.apply_to(old), green.apply_to(new)),
        (None, Some(new)) => format!("  + {field}: {}", green.apply_to(new)),
        (Some(old), None) => format!("  - {field}: {}", red.apply_to(old)),
        (None, None) => format!("    {field}: {}", style("(secret)").dim()),
    }
}

/// The lines of a text that change, with two around them.
fn lines(old: &str, new: &str) -> String {
    let diff = TextDiff::from_lines(old, new);
    let groups = diff.grouped_ops(2);
    let changes = groups.iter().flatten().flat_map(|op| diff.iter_changes(op));
    let line = |(tag, text): (ChangeTag, &str)| {
        let text = text.trim_end_matches('\n');
        match tag {
            ChangeTag::Delete => style(format!("      - {text}")).red().to_string(),
            ChangeTag::Insert => style(format!("      + {text}")).green().to_string(),
            ChangeTag::Equal => format!("        {text}"),
        }
    };
    changes.map(|c| line((c.tag(), c.value()))).collect::<Vec<_>>().join("\n")
}
