//! `msvc completions` and `msvc man`: generated from the command line's definition.

use clap_complete::Shell;

use super::{Context, Outcome, definition};
use crate::error::{Context as _, Result};

/// Arguments of `msvc completions`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The shell
    shell: Shell,
}

/// Arguments of `msvc man`.
#[derive(Debug, clap::Args)]
pub struct ManArgs {
    /// The command; none: msvc itself
    command: Option<String>,
}

pub(super) fn run(args: &Args, context: &Context) -> Result<Outcome> {
    context.printer.raw(&script(args.shell))?;
    Ok(Outcome::Done)
}

pub(super) fn run_man(args: &ManArgs, context: &Context) -> Result<Outcome> {
    context.printer.raw(&page(args.command.as_deref())?)?;
    Ok(Outcome::Done)
}

/// The completion script of a shell.
#[must_use]
pub fn script(shell: Shell) -> Vec<u8> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut definition(), "msvc", &mut script);
    script
}

/// The man page of msvc or of one command, as roff.
///
/// # Errors
/// There is no such command (exit code 2).
pub fn page(command: Option<&str>) -> Result<Vec<u8>> {
    let mut root = definition();
    root.build();
    let page = match command {
        None => root,
        Some(name) => root.find_subcommand(name).cloned().ok_or_else(|| {
            crate::error::Error::usage(format!("there is no command `{name}`")).hint("`msvc --help` lists them")
        })?,
    };
    let mut roff = Vec::new();
    clap_mangen::Man::new(page).render(&mut roff).failed(|| "could not write the man page")?;
    Ok(roff)
}
