//! The one error type: what went wrong, why, and what to do about it.
//!
//! A [`Kind`] decides the exit code; causes and hints are what the user reads below the first line.

use std::fmt::Display;
use std::io::ErrorKind;

/// What went wrong in general; decides the exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The work was tried and failed: exit code 1.
    Failed,
    /// The command line can't be carried out as typed: exit code 2.
    Usage,
    /// A project file, template or answers file is invalid: exit code 2.
    Invalid,
    /// The user interrupted: exit code 130.
    Interrupted,
}

impl Kind {
    /// The process exit code for this kind.
    #[must_use]
    pub const fn exit_code(self) -> u8 {
        match self {
            Self::Failed => 1,
            Self::Usage | Self::Invalid => 2,
            Self::Interrupted => 130,
        }
    }

    /// The kind's name in JSON output.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Failed => "failed",
            Self::Usage => "usage",
            Self::Invalid => "invalid",
            Self::Interrupted => "interrupted",
        }
    }
}

/// An error as the user sees it: `error:` message, `cause:` lines, `hint:` lines.
#[derive(Debug)]
pub struct Error {
    /// Decides the exit code.
    pub kind: Kind,
    /// What could not be done, in one sentence without a full stop.
    pub message: String,
    /// Why, outermost first; with the place (`file:line:column`) where there is one.
    pub causes: Vec<String>,
    /// What to do about it.
    pub hints: Vec<String>,
}

/// What fallible functions of this crate return.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), causes: Vec::new(), hints: Vec::new() }
    }

    /// The work was tried and failed (exit code 1).
    pub fn failed(message: impl Into<String>) -> Self {
        Self::new(Kind::Failed, message)
    }

    /// The command line can't be carried out as typed (exit code 2).
    pub fn usage(message: impl Into<String>) -> Self {
        Self::new(Kind::Usage, message)
    }

    /// A file of the user is invalid (exit code 2).
    pub fn invalid(message: impl Into<String>) -> Self {
        Self::new(Kind::Invalid, message)
    }

    /// Ctrl-C or SIGTERM (exit code 130).
    #[must_use]
    pub fn interrupted() -> Self {
        Self::new(Kind::Interrupted, "interrupted")
    }

    /// Adds a cause below those already there.
    #[must_use]
    pub fn cause(mut self, cause: impl Into<String>) -> Self {
        self.causes.push(cause.into());
        self
    }

    /// Adds a hint.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }
}

impl Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

/// Turns foreign errors into ours, keeping their whole chain as causes.
pub trait Context<T> {
    /// On an error: exit code 1, with what could not be done.
    fn failed<M: Into<String>>(self, message: impl FnOnce() -> M) -> Result<T>;
    /// On an error: exit code 2, a file of the user is invalid.
    fn invalid<M: Into<String>>(self, message: impl FnOnce() -> M) -> Result<T>;
}

impl<T, E: Into<anyhow::Error>> Context<T> for std::result::Result<T, E> {
    fn failed<M: Into<String>>(self, message: impl FnOnce() -> M) -> Result<T> {
        self.map_err(|e| with_chain(Error::failed(message()), &e.into()))
    }

    fn invalid<M: Into<String>>(self, message: impl FnOnce() -> M) -> Result<T> {
        self.map_err(|e| with_chain(Error::invalid(message()), &e.into()))
    }
}

/// Adds the chain of `source`, leaving out links that only repeat the text of the one above them.
fn with_chain(mut error: Error, source: &anyhow::Error) -> Error {
    for link in source.chain() {
        let text = link.to_string();
        if !error.causes.iter().any(|above| above.contains(&text)) {
            error.causes.push(text);
        }
        error = with_room(error, link);
    }
    error
}

/// Who is told that a disk is full, knows what to do, but not always that it is up to them.
fn with_room(error: Error, cause: &(dyn std::error::Error + 'static)) -> Error {
    let kind = cause.downcast_ref::<std::io::Error>().map(std::io::Error::kind);
    match kind {
        Some(ErrorKind::StorageFull | ErrorKind::QuotaExceeded) if error.hints.is_empty() => {
            error.hint("the disk is full: make room there, and try again")
        }
        _ => error,
    }
}

/// The candidate most like `word`, if any is near enough to be a likely slip.
#[must_use]
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    candidates
        .into_iter()
        .map(|c| (strsim::damerau_levenshtein(word, c), c))
        .filter(|(distance, c)| *distance <= 1 + c.len().min(word.len()) / 3)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, c)| c)
}
