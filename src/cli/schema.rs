//! `msvc schema`: JSON Schemas, for editors and for scripts that read `--output json`.

use super::{Context, Outcome};
use crate::error::{Error, Result, nearest};
use crate::project::schema::project_schema;

const NAMES: [&str; 2] = ["project", "build"];

/// Arguments of `msvc schema`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// What to print the schema of: project (msvc.yaml)
    #[arg(default_value = "project", value_name = "NAME")]
    name: String,
}

pub(super) fn run(args: &Args, context: &Context) -> Result<Outcome> {
    let schema = match args.name.as_str() {
        "project" => project_schema(),
        "build" => schemars::schema_for!(super::build::BuildReport),
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
