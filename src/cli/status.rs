//! `msvc status`: how an environment stands.

use std::time::Duration;

use console::{Style, measure_text_width, style};
use jiff::Timestamp;

use super::environment::Environment;
use super::{Context, Outcome};
use crate::error::{Context as _, Kind, Result};
use crate::kubernetes::status::{Autoscaler, EnvironmentStatus, ReleaseStatus, ServiceStatus, State, status};
use crate::progress::Progress as _;
use crate::project::Settings;
use crate::ui::Report;

/// How often `--watch` looks.
const LOOK: Duration = Duration::from_secs(2);

/// Arguments of `msvc status`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Only these services
    #[arg(value_name = "SERVICE")]
    services: Vec<String>,
    #[command(flatten)]
    environment: Environment,
    /// Show it anew whenever it changes, until Ctrl-C
    #[arg(short, long, env = "MSVC_WATCH", hide_env = true)]
    watch: bool,
}

pub(super) fn run(args: &Args, context: &Context) -> Result<Outcome> {
    let settings = args.environment.settings(context)?.select(&args.services)?;
    if args.watch {
        return match context.block_on(watch(&settings, context)) {
            // Ending it is how watching is meant to end.
            Err(e) if e.kind == Kind::Interrupted => Ok(Outcome::Done),
            other => other.map(|()| Outcome::Done),
        };
    }
    let status = context.block_on(status(&settings))?;
    context.printer.report(&status)?;
    Ok(Outcome::Done)
}

async fn watch(settings: &Settings, context: &Context) -> Result<()> {
    let mut shown = None;
    loop {
        match status(settings).await {
            Ok(seen) => {
                let value = serde_json::to_value(&seen).failed(|| "could not represent the status as JSON")?;
                if shown.as_ref() != Some(&value) {
                    context.printer.screen(&seen.text(), &value)?;
                    shown = Some(value);
                }
            }
            // A cluster that was there may come back.
            Err(e) if shown.is_some() => context.printer.warning(&e.message),
            Err(e) => return Err(e),
        }
        tokio::time::sleep(LOOK).await;
    }
}

impl Report for EnvironmentStatus {
    fn text(&self) -> String {
        let place = self.environment.as_deref().unwrap_or("the cluster");
        let head = match &self.release {
            Some(release) => format!("{place}, namespace {}: {}", self.namespace, deployed(release)),
            None => format!("{place}, namespace {}: no deploy is on record", self.namespace),
        };
        let heads = ["SERVICE", "STATE", "READY", "AUTOSCALER", "IMAGE"].map(|h| style(h).dim().to_string());
        let mut rows = vec![heads];
        rows.extend(self.services.iter().map(row));
        let table = aligned(&rows);
        let mut lines = vec![head, String::new(), table[0].clone()];
        for (service, line) in self.services.iter().zip(&table[1..]) {
            lines.push(line.clone());
            lines.extend(details(service).into_iter().map(|d| format!("  {d}")));
        }
        lines.join("\n") + "\n"
    }
}

fn deployed(release: &ReleaseStatus) -> String {
    let ago = release.when.parse().map_or(String::new(), |when: Timestamp| {
        format!(" {} ago", span(Timestamp::now().duration_since(when).as_secs()))
    });
    let commit = release.commit.as_ref().map_or(String::new(), |c| format!(" from {c}"));
    let what = match release.status {
        "deployed" => String::new(),
        other => format!(" ({other})"),
    };
    format!("revision {}{what}, deployed{ago} by {}{commit}", release.revision, release.who)
}

/// Roughly how long, in its largest unit.
pub(super) fn span(seconds: i64) -> String {
    match seconds {
        s if s < 120 => format!("{} s", s.max(0)),
        s if s < 2 * 3600 => format!("{} min", s / 60),
        s if s < 48 * 3600 => format!("{} h", s / 3600),
        s => format!("{} days", s / 86400),
    }
}

fn row(service: &ServiceStatus) -> [String; 5] {
    let (word, color) = match service.state {
        State::Running => ("running", Style::new().green()),
        State::Rolling => ("rolling", Style::new().yellow()),
        State::Failing => ("failing", Style::new().red().bold()),
        State::Absent => ("absent", Style::new().dim()),
    };
    [
        service.name.clone(),
        color.apply_to(word).to_string(),
        format!("{}/{}", service.ready, service.desired),
        service.autoscaler.as_ref().map_or_else(|| "-".to_owned(), scaling),
        service.image.as_deref().map_or_else(|| "-".to_owned(), short_image),
    ]
}

/// `2..10, cpu 34% of 70%`.
fn scaling(scaler: &Autoscaler) -> String {
    let metrics = scaler.metrics.iter().map(|m| {
        let percent = |value: Option<i32>| value.map_or_else(|| "?".to_owned(), |v| format!("{v}%"));
        format!(", {} {} of {}", m.name, percent(m.current), percent(m.target))
    });
    format!("{}..{}{}", scaler.min, scaler.max, metrics.collect::<String>())
}

/// Without the digest where the tag says it too.
fn short_image(image: &str) -> String {
    match image.split_once('@') {
        Some((name, _)) if name.rsplit('/').next().is_some_and(|last| last.contains(':')) => name.to_owned(),
        Some((name, digest)) => format!("{name}@{}", digest.get(..19).unwrap_or(digest)),
        None => image.to_owned(),
    }
}

fn details(service: &ServiceStatus) -> Vec<String> {
    let mut lines = Vec::new();
    if !service.endpoints.is_empty() {
        lines.push(style(service.endpoints.join("  ")).dim().to_string());
    }
    for problem in &service.problems {
        lines.push(format!("{} {}", style("problem:").red().bold(), problem.message));
        lines.extend(problem.hint.iter().map(|hint| format!("{} {hint}", style("hint:").cyan().bold())));
    }
    if let Some(waiting) = service.waiting.as_ref().filter(|_| service.problems.is_empty()) {
        lines.push(format!("waiting: {waiting}"));
    }
    lines
}

/// The rows, their cells padded to columns; colours take no room.
pub(super) fn aligned<const N: usize>(rows: &[[String; N]]) -> Vec<String> {
    let width = |column: usize| rows.iter().map(|r| measure_text_width(&r[column])).max().unwrap_or(0);
    let widths: Vec<usize> = (0..N).map(width).collect();
    let cell = |(text, width): (&String, &usize)| format!("{text}{}", " ".repeat(width - measure_text_width(text)));
    rows.iter()
        .map(|row| row.iter().zip(&widths).map(cell).collect::<Vec<_>>().join("  ").trim_end().to_owned())
        .collect()
}
