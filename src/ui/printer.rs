//! The printer: decides by format, verbosity and colour what reaches stdout and stderr.

use std::io::{self, IsTerminal, Write};

use indicatif::MultiProgress;

use super::report::Report;
use super::{errors, progress::Bars};
use crate::error::{Context, Error, Result};
use crate::progress::{Progress, Task};

/// Form of results on stdout.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// For people.
    #[default]
    Text,
    /// One JSON document.
    Json,
}

/// When to colour.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Color {
    /// On terminals, and as `NO_COLOR` and `CLICOLOR_FORCE` say.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// What the global flags say about output.
#[derive(Debug, Clone, Copy, Default)]
pub struct Settings {
    /// Form of results.
    pub format: Format,
    /// Results and errors only.
    pub quiet: bool,
    /// How often `-v` was given.
    pub verbose: u8,
    /// When to colour.
    pub color: Color,
    /// No moving progress.
    pub no_progress: bool,
    /// Never prompt.
    pub yes: bool,
}

/// Owner of stdout and stderr.
pub struct Printer {
    settings: Settings,
    bars: Bars,
    interactive: bool,
}

impl Printer {
    /// A printer for this process's terminal.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        match settings.color {
            Color::Auto => {}
            Color::Always => set_colors(true),
            Color::Never => set_colors(false),
        }
        let ci = std::env::var_os("CI").is_some_and(|v| !v.is_empty() && v != "false");
        let terminal = io::stderr().is_terminal() && !ci;
        let moving = terminal && !settings.quiet && !settings.no_progress;
        let interactive = terminal && io::stdin().is_terminal() && !settings.yes;
        Self { settings, bars: Bars::new(moving), interactive }
    }

    /// Whether the user can be asked: a terminal on both ends, not in CI, no `--yes`.
    #[must_use]
    pub fn interactive(&self) -> bool {
        self.interactive
    }

    /// Whether results are JSON documents.
    #[must_use]
    pub fn json(&self) -> bool {
        self.settings.format == Format::Json
    }

    /// How often `-v` was given.
    #[must_use]
    pub fn verbose(&self) -> u8 {
        self.settings.verbose
    }

    /// Whether moving progress is shown.
    #[must_use]
    pub fn moving(&self) -> bool {
        self.bars.moving()
    }

    /// A line that stays at the bottom of the terminal until its handle goes; `None` where results are no lines on a
    /// terminal, or nothing may move.
    #[must_use]
    pub fn status(&self, name: &str) -> Option<Box<dyn Task>> {
        (self.moving() && !self.json() && io::stdout().is_terminal()).then(|| self.bars.pinned(name))
    }

    /// The bars of moving progress, for a display of its own.
    #[must_use]
    pub fn multi(&self) -> &MultiProgress {
        self.bars.multi()
    }

    /// Prints a command's result.
    ///
    /// # Errors
    /// stdout can't be written; a reader that went away counts as success.
    pub fn report(&self, report: &dyn ErasedReport) -> Result<()> {
        let text = if self.json() { report.json()? + "\n" } else { report.as_text() };
        self.raw(text.as_bytes())
    }

    /// Prints one line of a stream of results: `text`, or `value` as one JSON object.
    ///
    /// # Errors
    /// stdout can't be written; a reader that went away counts as success.
    pub fn line(&self, text: &str, value: &serde_json::Value) -> Result<()> {
        let line = if self.json() { format!("{value}\n") } else { format!("{text}\n") };
        self.raw(line.as_bytes())
    }

    /// Shows a result that is going to change: `text` in place of what is on the terminal, below it elsewhere; or
    /// `value` as one JSON object.
    ///
    /// # Errors
    /// stdout can't be written; a reader that went away counts as success.
    pub fn screen(&self, text: &str, value: &serde_json::Value) -> Result<()> {
        if self.json() {
            return self.line("", value);
        }
        let terminal = console::Term::stdout();
        if terminal.is_term() {
            terminal.clear_screen().failed(|| "could not clear the terminal")?;
        }
        self.line(text, value)
    }

    /// Writes bytes to stdout as they are.
    ///
    /// # Errors
    /// stdout can't be written; a reader that went away counts as success.
    pub fn raw(&self, bytes: &[u8]) -> Result<()> {
        let mut out = io::stdout().lock();
        let written = self.bars.multi().suspend(|| out.write_all(bytes).and_then(|()| out.flush()));
        match written {
            Err(e) if e.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            other => other.failed(|| "could not write to standard output"),
        }
    }

    /// Prints an error: text on stderr, or with `--output json` a document on stdout.
    pub fn error(&self, error: &Error) {
        if self.json() {
            let _ = self.raw(format!("{:#}\n", errors::json(error)).as_bytes());
        } else {
            self.bars.line(&errors::text(error));
        }
    }

    /// Prints a line to stderr whatever `-q` says: what the user must see to go on, such as a prompt's context.
    pub fn notice(&self, line: &str) {
        self.bars.line(line);
    }
}

impl Progress for Printer {
    fn message(&self, line: &str) {
        if !self.settings.quiet {
            self.bars.line(line);
        }
    }

    fn warning(&self, line: &str) {
        self.bars.line(&format!("{} {line}", console::style("warning:").for_stderr().yellow().bold()));
    }

    fn detail(&self, line: &str) {
        if self.settings.verbose > 0 {
            self.bars.line(&console::style(line).for_stderr().dim().to_string());
        }
    }

    fn task(&self, name: &str) -> Box<dyn Task> {
        self.bars.task(name, self.settings.quiet)
    }
}

/// [`Report`] without its type, so that the printer can take any.
pub trait ErasedReport {
    /// See [`Report::text`].
    fn as_text(&self) -> String;
    /// The JSON document, indented.
    ///
    /// # Errors
    /// The report can't be represented.
    fn json(&self) -> Result<String>;
}

impl<T: Report> ErasedReport for T {
    fn as_text(&self) -> String {
        self.text()
    }

    fn json(&self) -> Result<String> {
        serde_json::to_string_pretty(self).failed(|| "could not represent the result as JSON")
    }
}

fn set_colors(on: bool) {
    console::set_colors_enabled(on);
    console::set_colors_enabled_stderr(on);
}
