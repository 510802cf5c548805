//! `msvc blueprints`: which systems there are to begin with.

use console::style;
use serde::Serialize;
use serde_json::Value;

use super::{Context, Outcome, templates::listed};
use crate::error::Result;
use crate::scaffold::blueprint::{self, Manifest};
use crate::ui::Report;

/// Arguments of `msvc blueprints`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Option<Sub>,
}

#[derive(Debug, clap::Subcommand)]
enum Sub {
    /// Show a blueprint's services and variables
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
    blueprints: Vec<Manifest>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Shown {
    api_version: &'static str,
    kind: &'static str,
    #[serde(flatten)]
    blueprint: Manifest,
}

pub(super) fn run(args: &Args, context: &Context) -> Result<Outcome> {
    let api_version = crate::project::API_VERSION;
    match &args.command {
        None => {
            let blueprints = blueprint::built_in()?.into_iter().map(|b| b.manifest).collect();
            context.printer.report(&List { api_version, kind: "BlueprintList", blueprints })?;
        }
        Some(Sub::Show { name }) => {
            let blueprint = blueprint::load(name)?.manifest;
            context.printer.report(&Shown { api_version, kind: "Blueprint", blueprint })?;
        }
    }
    Ok(Outcome::Done)
}

impl Report for List {
    fn text(&self) -> String {
        let width = self.blueprints.iter().map(|b| b.name.len()).max().unwrap_or_default();
        let line = |b: &Manifest| format!("{:width$}  {}\n", style(&b.name).bold(), b.description);
        self.blueprints.iter().map(line).collect()
    }
}

impl Report for Shown {
    fn text(&self) -> String {
        let Manifest { name, description, version, services, variables, .. } = &self.blueprint;
        let text = |service: &serde_json::Map<String, Value>, key: &str| {
            service.get(key).and_then(Value::as_str).unwrap_or_default().to_owned()
        };
        let width = services.iter().map(|service| text(service, "name").len()).max().unwrap_or_default();
        let service = |service: &serde_json::Map<String, Value>| {
            let template = service.get("template").and_then(|template| template["name"].as_str()).unwrap_or_default();
            let about = text(service, "description");
            let about = if about.is_empty() { about } else { format!(": {about}") };
            format!("  {:width$}  {template}{about}\n", style(text(service, "name")).bold())
        };
        let services: String = services.iter().map(service).collect();
        let services = if services.is_empty() { services } else { format!("\n{services}") };
        format!("{} {version}: {description}\n{services}{}", style(name).bold(), listed(variables))
    }
}
