//! `msvc render`: the Kubernetes objects of an environment, offline and always the same.

use std::path::PathBuf;

use serde::Serialize;

use super::environment::Environment;
use super::{Context, Outcome, images};
use crate::error::Result;
use crate::kubernetes::{files, render, warnings, yaml};
use crate::progress::Progress;
use crate::ui::Report;

/// Arguments of `msvc render`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    environment: Environment,
    /// Form of the objects [default: yaml; json on standard output with --output json]
    #[arg(long, value_enum, env = "MSVC_FORMAT", hide_env = true)]
    format: Option<Format>,
    /// Write a file per object into this folder; only files that `render` wrote are overwritten or removed
    #[arg(long, value_name = "DIR", env = "MSVC_OUT", hide_env = true)]
    out: Option<PathBuf>,
    /// Take images from what `msvc build --output json` printed (`-`: standard input); else they are named by git's tag
    #[arg(long, value_name = "FILE", env = "MSVC_IMAGES", hide_env = true)]
    images: Option<PathBuf>,
}

/// Forms of the objects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// One YAML document per object.
    Yaml,
    /// One JSON document, a List.
    Json,
}

/// What was written.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Written {
    api_version: &'static str,
    kind: &'static str,
    directory: PathBuf,
    files: Vec<String>,
}

pub(super) fn run(args: &Args, context: &Context) -> Result<Outcome> {
    let settings = args.environment.settings(context)?;
    let images = match &args.images {
        Some(file) => images::from_file(file, &settings)?,
        None => images::by_tag(&settings)?,
    };
    let objects = render(&settings, &images)?;
    for line in warnings::warnings(&settings) {
        context.printer.warning(&line);
    }
    let json = args.format.map_or(context.printer.json() && args.out.is_none(), |format| format == Format::Json);
    if let Some(directory) = &args.out {
        let form = if json { files::Form::Json } else { files::Form::Yaml };
        let files = files::write(directory, &files::plan(&objects, form)?)?;
        let written = Written { api_version: "msvc/v1", kind: "Rendered", directory: directory.clone(), files };
        context.printer.report(&written)?;
    } else {
        let text = if json { yaml::list(&objects) } else { yaml::documents(&objects)? };
        context.printer.raw(text.as_bytes())?;
    }
    Ok(Outcome::Done)
}

impl Report for Written {
    fn text(&self) -> String {
        self.files.iter().fold(String::new(), |text, file| text + &format!("{}\n", self.directory.join(file).display()))
    }
}
