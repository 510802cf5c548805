//! `msvc ci`: a pipeline that calls msvc.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::Serialize;

use super::{Context, Outcome};
use crate::error::{Context as _, Error, Result};
use crate::pipeline::{System, render};
use crate::project::API_VERSION;
use crate::ui::Report;

/// Arguments of `msvc ci`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Whose pipeline
    #[arg(value_enum)]
    system: System,
    /// Print it, and write nothing
    #[arg(long, conflicts_with = "force", env = "MSVC_PRINT", hide_env = true)]
    print: bool,
    /// Write over a file that says something else
    #[arg(long, env = "MSVC_FORCE", hide_env = true)]
    force: bool,
}

/// What was written.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Written {
    /// Version of this document: `msvc/v1`.
    api_version: &'static str,
    /// `Pipeline`.
    kind: &'static str,
    /// The file.
    file: PathBuf,
    /// Whether it said so already.
    unchanged: bool,
}

pub(super) fn run(args: &Args, context: &Context) -> Result<Outcome> {
    let project = context.project()?;
    let text = render(&project, args.system)?;
    if args.print {
        context.printer.raw(text.as_bytes())?;
        return Ok(Outcome::Done);
    }
    let file = project.root.join(args.system.path());
    let there = std::fs::read_to_string(&file).ok();
    let unchanged = there.as_deref() == Some(text.as_str());
    if there.is_some() && !unchanged && !args.force {
        return Err(Error::usage(format!("{} exists already, and says something else", args.system.path()))
            .hint("--print shows what would be written, --force writes it"));
    }
    if !unchanged {
        let folder = file.parent().unwrap_or(&project.root);
        let written = std::fs::create_dir_all(folder).and_then(|()| std::fs::write(&file, &text));
        written.failed(|| format!("could not write {}", file.display()))?;
    }
    context.printer.report(&Written { api_version: API_VERSION, kind: "Pipeline", file, unchanged })?;
    Ok(Outcome::Done)
}

impl Report for Written {
    fn text(&self) -> String {
        let what = if self.unchanged { "unchanged" } else { "written" };
        format!("{what} {}; its first lines say what to set up\n", self.file.display())
    }
}
