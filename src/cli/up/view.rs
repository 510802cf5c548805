//! How a running project looks: a prefix and a colour per service.

use console::{Color, Style, strip_ansi_codes, style};
use serde::Serialize;
use serde_json::Value;

use crate::local::Event;
use crate::project::{API_VERSION, Project};

const COLORS: [Color; 6] = [Color::Cyan, Color::Yellow, Color::Magenta, Color::Green, Color::Blue, Color::Red];

/// Shows events of a project.
pub(super) struct View {
    /// In the order of the project, so that a service's colour stays, whichever are run.
    names: Vec<String>,
    width: usize,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Line<'a> {
    api_version: &'static str,
    #[serde(flatten)]
    event: &'a Event,
}

impl View {
    pub(super) fn new(project: &Project) -> Self {
        let names: Vec<String> = project.services.iter().map(|s| s.service.name.to_string()).collect();
        let width = names.iter().map(String::len).max().unwrap_or_default();
        Self { names, width }
    }

    /// For people; without a newline at the end. `None`: only the line at the bottom tells of it.
    pub(super) fn text(&self, event: &Event) -> Option<String> {
        Some(match event {
            Event::Begun { .. } | Event::Starting { .. } | Event::Stopping { .. } => return None,
            Event::Log { service, line, .. } => {
                let line = if console::colors_enabled() { line.into() } else { strip_ansi_codes(line) };
                format!("{} {line}", self.prefix(service))
            }
            Event::Ready { service, url, docs, hint, .. } => {
                let docs = docs.as_ref().map_or(String::new(), |path| format!(" (docs: {path})"));
                let url = style(url).bold();
                let hint = hint.as_ref().map_or(String::new(), |command| format!(" (try: {command})"));
                format!("{} {service} is ready at {url}{docs}{hint}", style("✓").green())
            }
            Event::Exited { service, status, restart_seconds, last_lines } => {
                let mut text = format!(
                    "{} {service} ended by itself ({status}); starting it again in {restart_seconds} s",
                    style("✗").red()
                );
                if self.names.len() > 1 {
                    // Among the lines of others they are hard to find.
                    text.extend(last_lines.iter().flat_map(|line| ["\n    ", line]));
                }
                text
            }
            Event::Replaced { service, reason } => {
                format!("{} {service}: {reason}, starting it again", style("↻").cyan())
            }
            Event::Broken { message, causes } => {
                let mut text = format!("{} {message}; what ran before goes on", style("✗").red());
                text.extend(causes.iter().flat_map(|cause| ["\n", cause]));
                text
            }
            Event::Stopped { service } => format!("{} {service} stopped", style("✓").green()),
        })
    }

    /// For machines: one object.
    pub(super) fn json(event: &Event) -> Value {
        serde_json::to_value(Line { api_version: API_VERSION, event }).unwrap_or_default()
    }

    fn prefix(&self, service: &str) -> String {
        let number = self.names.iter().position(|name| name == service).unwrap_or_default();
        let color = Style::new().fg(COLORS[number % COLORS.len()]);
        color.apply_to(format!("{service:<width$} |", width = self.width)).to_string()
    }
}
