//! The log: lines of JSON for machines, text for a person at a terminal.

use std::fmt;
use std::io::{IsTerminal, stdout};
use std::str::FromStr;

use anyhow::Context;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::format::JsonFields;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use self::line::WithIds;

mod line;

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Text at a terminal, else JSON.
    Auto,
    Json,
    Text,
}

impl FromStr for Format {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "auto" => Ok(Self::Auto),
            "json" => Ok(Self::Json),
            "text" => Ok(Self::Text),
            _ => Err("must be auto, json or text"),
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Auto => "auto",
            Self::Json => "json",
            Self::Text => "text",
        })
    }
}

/// Starts the log. `filter` is a level, or levels by module, such as `info,requests=debug`.
pub fn init(format: Format, filter: &str) -> anyhow::Result<()> {
    let filter: Targets = filter.parse().context("RUST_LOG is not a list of levels")?;
    let is_terminal = stdout().is_terminal();
    let lines = tracing_subscriber::fmt::layer().with_ansi(is_terminal);
    let line = tracing_subscriber::fmt::format();
    let is_json = match format {
        Format::Auto => !is_terminal,
        Format::Json => true,
        Format::Text => false,
    };
    let lines = if is_json {
        // One flat object per event.
        let format = line.json().flatten_event(true).with_span_list(false);
        let lines = lines.event_format(WithIds { format, is_json });
        lines.fmt_fields(JsonFields::new()).boxed()
    } else {
        let format = line.with_ansi(is_terminal);
        lines.event_format(WithIds { format, is_json }).boxed()
    };
    tracing_subscriber::registry()
        .with(filter)
        .with(lines)
        .try_init()?;
    // A panic is logged like everything else, with the request it happened in.
    std::panic::set_hook(Box::new(
        |panic| tracing::error!(panic = %panic, "panicked"),
    ));
    Ok(())
}
