//! `msvc templates`: what there is to generate from.

use std::fmt::Write;

use console::{measure_text_width, style};
use serde::Serialize;
use serde_json::Value;

use super::{Context, Outcome};
use crate::error::Result;
use crate::scaffold::manifest::{Manifest, Variable};
use crate::scaffold::source;
use crate::ui::Report;

/// Arguments of `msvc templates`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Option<Sub>,
}

#[derive(Debug, clap::Subcommand)]
enum Sub {
    /// Show a template's variables with their defaults
    Show {
        /// A built-in name, a folder, or a repository: URL#REF:SUBDIR
        name: String,
    },
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct List {
    api_version: &'static str,
    kind: &'static str,
    templates: Vec<Manifest>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Shown {
    api_version: &'static str,
    kind: &'static str,
    #[serde(flatten)]
    template: Manifest,
}

pub(super) fn run(args: &Args, context: &Context) -> Result<Outcome> {
    let api_version = crate::project::API_VERSION;
    match &args.command {
        None => {
            let templates = source::built_in()?.into_iter().map(|s| s.manifest).collect();
            context.printer.report(&List { api_version, kind: "TemplateList", templates })?;
        }
        Some(Sub::Show { name }) => {
            let template = source::load(name)?.manifest;
            context.printer.report(&Shown { api_version, kind: "Template", template })?;
        }
    }
    Ok(Outcome::Done)
}

impl Report for List {
    fn text(&self) -> String {
        let width = self.templates.iter().map(|t| t.name.len()).max().unwrap_or_default();
        let line = |t: &Manifest| format!("{:width$}  {}\n", style(&t.name).bold(), t.description);
        self.templates.iter().map(line).collect()
    }
}

impl Report for Shown {
    fn text(&self) -> String {
        let template = &self.template;
        let head = format!("{} {}: {}\n", style(&template.name).bold(), template.version, template.description);
        head + &listed(&template.variables)
    }
}

/// Variables with their questions and defaults.
pub(super) fn listed(variables: &[Variable]) -> String {
    let width = variables.iter().map(|v| measure_text_width(&v.name)).max().unwrap_or_default();
    let mut text = String::new();
    for variable in variables {
        let _ = writeln!(text, "\n  {:width$}  {}", style(&variable.name).cyan(), about(variable));
        let _ = writeln!(text, "  {:width$}  default: {}", "", default(variable));
    }
    text
}

fn about(variable: &Variable) -> String {
    let prompt = variable.prompt.as_deref().unwrap_or_default();
    if variable.choices.is_empty() { prompt.to_owned() } else { format!("{prompt} ({})", variable.choices.join(", ")) }
}

fn default(variable: &Variable) -> String {
    match &variable.default {
        None => "none, must be given".to_owned(),
        Some(Value::Array(items)) => items.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" "),
        Some(Value::String(text)) if text.is_empty() => "empty".to_owned(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}
