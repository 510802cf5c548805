//! Questions to the user (dialoguer). Only asked where [`super::Printer::interactive`] holds.

use std::sync::Arc;

use dialoguer::theme::ColorfulTheme;
use dialoguer::{Confirm, Input, Password, Select};

use crate::error::{Context, Error, Result};

/// A question with a default.
pub struct Prompt;

impl Prompt {
    /// A line of text; `check` says what is wrong with an answer, which is then asked for again.
    ///
    /// # Errors
    /// Interrupted, or the terminal is gone.
    pub fn text(question: &str, default: Option<&str>, check: impl Fn(&str) -> Result<(), String>) -> Result<String> {
        let theme = ColorfulTheme::default();
        let mut input = Input::<String>::with_theme(&theme).with_prompt(question);
        if let Some(default) = default {
            input = input.default(default.to_owned());
        }
        answered(|| input.validate_with(|answer: &String| check(answer)).interact_text())
    }

    /// One of several choices.
    ///
    /// # Errors
    /// Interrupted, or the terminal is gone.
    pub fn choice(question: &str, choices: &[String], default: usize) -> Result<usize> {
        answered(|| {
            Select::with_theme(&ColorfulTheme::default())
                .with_prompt(question)
                .items(choices)
                .default(default)
                .interact()
        })
    }

    /// Yes or no.
    ///
    /// # Errors
    /// Interrupted, or the terminal is gone.
    pub fn confirm(question: &str, default: bool) -> Result<bool> {
        answered(|| Confirm::with_theme(&ColorfulTheme::default()).with_prompt(question).default(default).interact())
    }

    /// A secret, not shown while it is typed.
    ///
    /// # Errors
    /// Interrupted, or the terminal is gone.
    pub fn secret(question: &str) -> Result<String> {
        answered(|| Password::with_theme(&ColorfulTheme::default()).with_prompt(question).interact())
    }
}

/// Asks, with Ctrl-C as an answer: the terminal library raises SIGINT for it, which would end the process with the
/// terminal still changed and without our exit code.
fn answered<T>(ask: impl FnOnce() -> dialoguer::Result<T>) -> Result<T> {
    let caught = signal_hook::flag::register(signal_hook::consts::SIGINT, Arc::default())
        .failed(|| "could not watch for Ctrl-C")?;
    let answer = ask();
    signal_hook::low_level::unregister(caught);
    match answer {
        Err(dialoguer::Error::IO(e)) if e.kind() == std::io::ErrorKind::Interrupted => {
            // dialoguer hides the cursor while it asks and does not bring it back when interrupted.
            let _ = console::Term::stderr().show_cursor();
            Err(Error::interrupted())
        }
        other => other.failed(|| "could not ask on this terminal"),
    }
}
