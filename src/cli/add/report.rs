//! What `msvc add` tells.

use std::fmt::Write;

use console::style;
use schemars::JsonSchema;
use serde::Serialize;

use crate::project::{API_VERSION, Service};
use crate::scaffold::merge::Action;
use crate::scaffold::regenerate::Plan;
use crate::ui::Report;

/// What was added.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Added {
    /// `msvc/v1`.
    api_version: &'static str,
    /// `Added`.
    kind: &'static str,
    /// The service.
    service: String,
    #[serde(flatten)]
    addition: Addition,
    /// Whether nothing was written.
    dry_run: bool,
    /// What happened to each file, in the order of their paths; empty where all was up to date.
    files: Vec<FileReport>,
}

/// What a service has more than before.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) enum Addition {
    /// The entity.
    Entity(String),
    /// The service that it uses.
    Dependency(String),
}

/// What happened to a file.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct FileReport {
    /// Relative to the project's folder.
    path: String,
    /// What happened.
    action: Action,
}

impl Added {
    pub(super) fn of(service: &Service, addition: Addition, dry_run: bool, plan: &Plan) -> Self {
        let mut files: Vec<FileReport> =
            plan.changes.iter().map(|c| FileReport { path: c.path.clone(), action: c.action }).collect();
        files.sort_by(|a, b| a.path.cmp(&b.path));
        Self { api_version: API_VERSION, kind: "Added", service: service.name.to_string(), addition, dry_run, files }
    }
}

impl Report for Added {
    fn text(&self) -> String {
        let service = &self.service;
        let (what, name) = match &self.addition {
            Addition::Entity(name) => ("entity", name),
            Addition::Dependency(name) => ("dependency", name),
        };
        if self.files.is_empty() {
            return format!("{service} is up to date with {what} {name}: nothing to do\n");
        }
        let done = if self.dry_run { "Would bring" } else { "Brought" };
        let mut text = format!("{} {what} {name} into {service}:\n", style(done).green().bold());
        for file in &self.files {
            let note = match file.action {
                Action::Merge => "  (with your changes)",
                Action::Skip => "  (you deleted it)",
                _ => "",
            };
            let action = format!("{:?}", file.action).to_lowercase();
            let _ = writeln!(text, "  {:<8} {}{note}", style(action).cyan(), file.path);
        }
        if !self.dry_run {
            text.push_str(
                "\nNothing of yours was lost; `git diff` shows what changed, `cargo test` whether it works.\n",
            );
        }
        text
    }
}
