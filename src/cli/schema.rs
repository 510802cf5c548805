//! `msvc schema`: JSON Schemas, for editors and for scripts that read `--output json`.

use schemars::schema_for;

use super::{Context, Outcome};
use crate::error::{Error, Result, nearest};
use crate::kubernetes::delete::Deleted;
use crate::kubernetes::deploy::Deployed;
use crate::kubernetes::events::Events;
use crate::kubernetes::history::History;
use crate::kubernetes::scale::Scaled;
use crate::kubernetes::status::EnvironmentStatus;
use crate::project::schema::project_schema;

const NAMES: [&str; 14] = [
    "project",
    "add",
    "build",
    "ci",
    "graph",
    "diff",
    "deploy",
    "status",
    "events",
    "history",
    "scale",
    "delete",
    "secret-set",
    "secret-list",
];

/// Arguments of `msvc schema`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// What to print the schema of: project (msvc.yaml), or the command whose JSON output it is
    #[arg(default_value = "project", value_name = "NAME")]
    name: String,
}

pub(super) fn run(args: &Args, context: &Context) -> Result<Outcome> {
    let schema = match args.name.as_str() {
        "project" => project_schema(),
        "add" => schema_for!(super::add::Added),
        "build" => schema_for!(super::build::BuildReport),
        "ci" => schema_for!(super::ci::Written),
        "graph" => schema_for!(crate::graph::Graph),
        "diff" => schema_for!(super::diff::Diff),
        "deploy" => schema_for!(Deployed),
        "status" => schema_for!(EnvironmentStatus),
        "events" => schema_for!(Events),
        "scale" => schema_for!(Scaled),
        "delete" => schema_for!(Deleted),
        "history" => schema_for!(History),
        "secret-set" => schema_for!(super::secret::SetReport),
        "secret-list" => schema_for!(super::secret::SecretList),
        other => {
            let error = Error::usage(format!("there is no schema `{other}`"));
            return Err(match nearest(other, NAMES) {
                Some(near) => error.hint(format!("did you mean `{near}`?")),
                None => error.hint(format!("the schemas: {}", NAMES.join(", "))),
            });
        }
    };
    context.printer.raw(format!("{:#}\n", schema.to_value()).as_bytes())?;
    Ok(Outcome::Done)
}
