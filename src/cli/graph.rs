//! `msvc graph`: the project as a picture.

use super::{Context, Outcome};
use crate::error::{Context as _, Result};
use crate::graph::{self, Graph};
use crate::ui::Report;

/// Arguments of `msvc graph`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Form of the picture [default: mermaid; json with --output json]
    #[arg(long, value_enum, env = "MSVC_FORMAT", hide_env = true)]
    format: Option<Format>,
}

/// Forms of the picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// A flowchart for Markdown.
    Mermaid,
    /// An image.
    Svg,
    /// The facts alone.
    Json,
}

pub(super) fn run(args: &Args, context: &Context) -> Result<Outcome> {
    let graph = graph::of(&context.project()?);
    match args.format {
        None => context.printer.report(&graph)?,
        Some(Format::Mermaid) => context.printer.raw(graph::mermaid(&graph).as_bytes())?,
        Some(Format::Svg) => context.printer.raw(graph::svg(&graph).as_bytes())?,
        Some(Format::Json) => {
            let json = serde_json::to_string_pretty(&graph).failed(|| "could not represent the graph as JSON")?;
            context.printer.raw((json + "\n").as_bytes())?;
        }
    }
    Ok(Outcome::Done)
}

impl Report for Graph {
    fn text(&self) -> String {
        graph::mermaid(self)
    }
}
