//! What every command has at hand: global flags, the printer, the project, the async runtime.

use std::future::Future;
use std::path::PathBuf;

use crate::error::{Context as _, Error, Result};
use crate::project::{self, Project};
use crate::ui::{Color, Format, Printer, Settings};

/// Flags that every command takes.
#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "Global options")]
pub struct Globals {
    /// Work in this folder
    #[arg(short = 'C', long = "directory", value_name = "DIR", global = true, env = "MSVC_DIRECTORY", hide_env = true)]
    pub directory: Option<PathBuf>,
    /// Print results and errors only
    #[arg(short, long, global = true, env = "MSVC_QUIET", hide_env = true)]
    pub quiet: bool,
    /// Print more; repeat for even more
    #[arg(short, long, action = clap::ArgAction::Count, global = true, env = "MSVC_VERBOSE", hide_env = true)]
    pub verbose: u8,
    /// Form of results on standard output
    #[arg(
        long,
        value_enum,
        default_value_t,
        global = true,
        env = "MSVC_OUTPUT",
        hide_env = true,
        value_name = "FORMAT"
    )]
    pub output: Format,
    /// When to use colours
    #[arg(long, value_enum, default_value_t, global = true, env = "MSVC_COLOR", hide_env = true, value_name = "WHEN")]
    pub color: Color,
    /// Never prompt: take defaults, and go ahead where a question would be asked
    #[arg(short, long, global = true, env = "MSVC_YES", hide_env = true)]
    pub yes: bool,
    /// Plain lines instead of moving progress
    #[arg(long, global = true, env = "MSVC_NO_PROGRESS", hide_env = true)]
    pub no_progress: bool,
}

/// What every command has at hand.
pub struct Context {
    /// Owner of stdout and stderr.
    pub printer: Printer,
    /// Flags that every command takes.
    pub globals: Globals,
}

impl Context {
    pub(super) fn new(globals: Globals) -> Self {
        let printer = Printer::new(Settings {
            format: globals.output,
            quiet: globals.quiet,
            verbose: globals.verbose,
            color: globals.color,
            no_progress: globals.no_progress,
            yes: globals.yes,
        });
        Self { printer, globals }
    }

    /// The folder that the command works in, absolute.
    ///
    /// # Errors
    /// `-C` names no folder (exit code 2).
    pub fn directory(&self) -> Result<PathBuf> {
        let dir = self.globals.directory.clone().unwrap_or_else(|| PathBuf::from("."));
        match dir.canonicalize() {
            Ok(found) if found.is_dir() => Ok(found),
            _ => Err(Error::usage(format!("{} is not a folder", dir.display()))),
        }
    }

    /// The project that the command works on.
    ///
    /// # Errors
    /// There is none, or it is invalid (exit code 2).
    pub fn project(&self) -> Result<Project> {
        project::load(&project::find_root(&self.directory()?)?)
    }

    /// Runs async work to its end, or until Ctrl-C or SIGTERM, which drops it (exit code 130).
    ///
    /// # Errors
    /// Those of the work; interrupted.
    pub fn block_on<T>(&self, work: impl Future<Output = Result<T>>) -> Result<T> {
        self.block_on_whole(async {
            tokio::select! {
                result = work => result,
                () = interrupted() => Err(Error::interrupted()),
            }
        })
    }

    /// Runs async work to its end; what Ctrl-C does is up to the work.
    ///
    /// # Errors
    /// Those of the work.
    pub fn block_on_whole<T>(&self, work: impl Future<Output = Result<T>>) -> Result<T> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .failed(|| "could not start the async runtime")?;
        let result = runtime.block_on(work);
        // Blocking threads (archives, a prompt) must not hold up the exit.
        runtime.shutdown_background();
        result
    }
}

/// Ends with the first Ctrl-C or SIGTERM.
pub(super) async fn interrupted() {
    let terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate());
    match terminate {
        Ok(mut terminate) => tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = terminate.recv() => {}
        },
        Err(_) => drop(tokio::signal::ctrl_c().await),
    }
}
