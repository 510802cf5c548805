//! `msvc logs`: what the pods write, of all services together.

use std::collections::BTreeMap;
use std::time::Duration;

use console::{Color, Style};
use jiff::Timestamp;
use serde_json::json;

use super::deploy::duration;
use super::environment::Environment;
use super::{Context, Outcome};
use crate::error::{Kind, Result};
use crate::kubernetes::logs::{Line, Request, logs};

/// Colours of pods, in the order in which they come.
const COLORS: [Color; 6] = [Color::Cyan, Color::Green, Color::Magenta, Color::Yellow, Color::Blue, Color::Red];

/// Arguments of `msvc logs`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Only these services
    #[arg(value_name = "SERVICE")]
    services: Vec<String>,
    #[command(flatten)]
    environment: Environment,
    /// Go on with what is written from now on, by pods that come later too
    #[arg(short, long, env = "MSVC_FOLLOW", hide_env = true)]
    follow: bool,
    /// Only what was written within this time, for example 10m
    #[arg(long, value_name = "D", value_parser = duration, env = "MSVC_SINCE", hide_env = true)]
    since: Option<Duration>,
    /// Only the last N lines of each pod
    #[arg(long, value_name = "N", env = "MSVC_TAIL", hide_env = true)]
    tail: Option<u32>,
}

pub(super) fn run(args: &Args, context: &Context) -> Result<Outcome> {
    let settings = args.environment.settings(context)?.select(&args.services)?;
    let request = Request {
        follow: args.follow,
        since: args.since.and_then(|since| Timestamp::now().checked_sub(since).ok()),
        tail: args.tail.map(i64::from),
    };
    let mut colors = Colors::default();
    let show = |line: Line| context.printer.line(&colors.text(&line), &document(&line));
    match context.block_on(logs(&settings, &request, show)) {
        // Ending it is how following is meant to end.
        Err(e) if args.follow && e.kind == Kind::Interrupted => Ok(Outcome::Done),
        other => other.map(|()| Outcome::Done),
    }
}

fn document(line: &Line) -> serde_json::Value {
    json!({
        "service": line.service, "pod": line.pod, "container": line.container, "time": line.time, "line": line.text,
    })
}

/// Which colour each pod has.
#[derive(Default)]
struct Colors(BTreeMap<String, Color>);

impl Colors {
    fn text(&mut self, line: &Line) -> String {
        let next = COLORS[self.0.len() % COLORS.len()];
        let color = *self.0.entry(line.pod.clone()).or_insert(next);
        format!("{} {}", Style::new().fg(color).apply_to(format!("{} |", line.pod)), line.text)
    }
}
