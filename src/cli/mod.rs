//! What is typed: one file per command, each its arguments plus a short `run` that calls the rooms.

mod add;
mod blueprints;
mod build;
mod ci;
pub mod completions;
mod context;
mod delete;
mod deploy;
mod diff;
mod environment;
mod events;
mod forward;
mod graph;
mod history;
mod images;
mod logs;
mod new;
mod questions;
mod render;
mod scale;
mod schema;
mod secret;
mod status;
mod templates;
mod up;

use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

pub use context::{Context, Globals};

use crate::error::Result;
use crate::ui::Printer;

/// From nothing to a running system of Rust services.
#[derive(Debug, Parser)]
#[command(name = "msvc", version, max_term_width = 100, subcommand_required = true, arg_required_else_help = true)]
pub struct Cli {
    /// Flags that every command takes.
    #[command(flatten)]
    pub globals: Globals,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make a service from a template, or a system from a blueprint
    New(new::Args),
    /// Extend a service: its msvc.yaml, code, migrations and tests
    Add(add::Args),
    /// Build and run the project on this machine
    Up(up::Args),
    /// Build the services' images, and push them
    Build(build::Args),
    /// List the templates, or show one with its variables
    Templates(templates::Args),
    /// List the blueprints of systems, or show one with its services and variables
    Blueprints(blueprints::Args),
    /// Draw the services, their calls, events and stores
    Graph(graph::Args),
    /// Print the Kubernetes objects of an environment
    Render(render::Args),
    /// Show what a deploy would change, field by field; exit code 3 where that is anything
    Diff(diff::Args),
    /// Bring an environment to what the project says: apply, prune, wait, explain
    Deploy(deploy::Args),
    /// Tell how an environment stands
    Status(status::Args),
    /// Print what the pods write, of all services together
    Logs(logs::Args),
    /// Print what the cluster tells of the project's objects
    Events(events::Args),
    /// Lead a port of this machine to a service in the cluster
    Forward(forward::Args),
    /// Give a service another number of pods, until the next deploy
    Scale(scale::Args),
    /// Set or list the Secrets that the project refers to
    Secret(secret::Args),
    /// List the deploys of an environment
    History(history::Args),
    /// Go back to an earlier deploy: all of its objects again
    Rollback(history::RollbackArgs),
    /// Take a project out of an environment: exactly what was applied
    Delete(delete::Args),
    /// Write a pipeline that tests, builds and deploys with msvc
    Ci(ci::Args),
    /// Print the completion script for a shell
    Completions(completions::Args),
    /// Print a man page
    Man(completions::ManArgs),
    /// Print the JSON Schema of msvc.yaml or of a command's JSON output
    Schema(schema::Args),
}

/// How a command ended, when it did not fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Done: exit code 0.
    Done,
    /// Differences were found: exit code 3.
    Differences,
    /// Files hold conflicts that the user must resolve: exit code 1.
    Conflicts,
}

/// The command line's definition, for completions and man pages too.
#[must_use]
pub fn definition() -> clap::Command {
    Cli::command()
}

/// Runs what the process's arguments say.
#[must_use]
pub fn main() -> ExitCode {
    let cli = match Cli::command().try_get_matches().and_then(|m| Cli::from_arg_matches(&m)) {
        Ok(cli) => cli,
        Err(e) => {
            // clap prints help and version to stdout (0) and usage errors to stderr (2); a closed pipe is no error.
            let _ = e.print();
            return ExitCode::from(u8::try_from(e.exit_code()).unwrap_or(2));
        }
    };
    let context = Context::new(cli.globals);
    match run(cli.command, &context) {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::Differences) => ExitCode::from(3),
        Ok(Outcome::Conflicts) => ExitCode::FAILURE,
        Err(e) => {
            printer(&context).error(&e);
            ExitCode::from(e.kind.exit_code())
        }
    }
}

fn printer(context: &Context) -> &Printer {
    &context.printer
}

fn run(command: Command, context: &Context) -> Result<Outcome> {
    match command {
        Command::New(args) => new::run(&args, context),
        Command::Add(args) => add::run(&args, context),
        Command::Up(args) => up::run(&args, context),
        Command::Build(args) => build::run(&args, context),
        Command::Templates(args) => templates::run(&args, context),
        Command::Blueprints(args) => blueprints::run(&args, context),
        Command::Graph(args) => graph::run(&args, context),
        Command::Diff(args) => diff::run(&args, context),
        Command::Deploy(args) => deploy::run(&args, context),
        Command::Status(args) => status::run(&args, context),
        Command::Logs(args) => logs::run(&args, context),
        Command::Events(args) => events::run(&args, context),
        Command::Forward(args) => forward::run(&args, context),
        Command::Scale(args) => scale::run(&args, context),
        Command::Secret(args) => secret::run(&args, context),
        Command::History(args) => history::run(&args, context),
        Command::Rollback(args) => history::run_rollback(&args, context),
        Command::Delete(args) => delete::run(&args, context),
        Command::Ci(args) => ci::run(&args, context),
        Command::Completions(args) => completions::run(&args, context),
        Command::Man(args) => completions::run_man(&args, context),
        Command::Render(args) => render::run(&args, context),
        Command::Schema(args) => schema::run(&args, context),
    }
}
