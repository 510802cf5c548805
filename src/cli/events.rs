//! `msvc events`: what the cluster tells of the project's objects.

use console::style;
use jiff::Timestamp;

use super::environment::Environment;
use super::status::{aligned, span};
use super::{Context, Outcome};
use crate::error::{Context as _, Kind, Result};
use crate::kubernetes::events::{EventReport, Events, events, follow};
use crate::ui::Report;

/// Arguments of `msvc events`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Only these services
    #[arg(value_name = "SERVICE")]
    services: Vec<String>,
    #[command(flatten)]
    environment: Environment,
    /// Go on with those that come from now on
    #[arg(short, long, env = "MSVC_FOLLOW", hide_env = true)]
    follow: bool,
}

pub(super) fn run(args: &Args, context: &Context) -> Result<Outcome> {
    let settings = args.environment.settings(context)?;
    // Refuses names that no service has.
    settings.clone().select(&args.services)?;
    if !args.follow {
        let events = context.block_on(events(&settings, &args.services))?;
        context.printer.report(&events)?;
        return Ok(Outcome::Done);
    }
    let show = |event: EventReport| {
        let document = serde_json::to_value(&event).failed(|| "could not represent the event as JSON")?;
        context.printer.line(&row(&event).join("  "), &document)
    };
    match context.block_on(follow(&settings, &args.services, show)) {
        // Ending it is how following is meant to end.
        Err(e) if e.kind == Kind::Interrupted => Ok(Outcome::Done),
        other => other.map(|()| Outcome::Done),
    }
}

impl Report for Events {
    fn text(&self) -> String {
        if self.events.is_empty() {
            let place = self.environment.as_deref().unwrap_or("the cluster");
            return format!("{place} has no events of the last time; clusters keep them for an hour or so\n");
        }
        let rows: Vec<[String; 4]> = self.events.iter().map(row).collect();
        aligned(&rows).join("\n") + "\n"
    }
}

fn row(event: &EventReport) -> [String; 4] {
    let ago = event.time.parse().map_or(0, |time: Timestamp| Timestamp::now().duration_since(time).as_secs());
    let reason = if event.warning { style(&event.reason).yellow() } else { style(&event.reason).dim() };
    let object = match event.objects {
        1 => event.object.clone(),
        several => format!("{} and {} more", event.object, several - 1),
    };
    let often = usize::try_from(event.count).is_ok_and(|count| count > event.objects);
    let times = if often { format!(" (seen {} times)", event.count) } else { String::new() };
    [format!("{} ago", span(ago)), reason.to_string(), object, format!("{}{times}", event.message)]
}
