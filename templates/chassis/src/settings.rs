//! Settings: a default, over it a file of `NAME=value` lines, over that the environment.
//!
//! Every part of the service reads those that are its own; [`Settings::finish`] then tells of all
//! that cannot be used, not just of the first.

use std::collections::HashMap;
use std::fmt::Display;
use std::path::Path;
use std::str::FromStr;
use std::time::Duration;

use anyhow::{Context, bail};

#[cfg(test)]
mod tests;

/// The file that is read when `CONFIG_FILE` names no other.
const DEFAULT_FILE: &str = ".env";

/// Where settings come from, and what was found.
#[derive(Default)]
pub struct Settings {
    environment: HashMap<String, String>,
    file: HashMap<String, String>,
    summary: Vec<String>,
    errors: Vec<String>,
}

impl Settings {
    /// Looks into the environment, and into the file if there is one.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn load() -> anyhow::Result<Self> {
        let environment: HashMap<String, String> = std::env::vars().collect();
        let file = match environment.get("CONFIG_FILE") {
            Some(path) => read_file(Path::new(path))?,
            None if Path::new(DEFAULT_FILE).exists() => read_file(Path::new(DEFAULT_FILE))?,
            None => HashMap::new(),
        };
        Ok(Self {
            environment,
            file,
            ..Self::default()
        })
    }

    /// Only these, whatever the environment is.
    #[must_use]
    pub fn of(given: &[(&str, &str)]) -> Self {
        let given = given.iter();
        let given = given.map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Self {
            environment: given.collect(),
            ..Self::default()
        }
    }

    /// A span of time, given in whole seconds.
    pub fn seconds(&mut self, name: &str, default: Duration) -> Duration {
        Duration::from_secs(self.get(name, default.as_secs()))
    }

    /// One setting; a value that cannot be read is noted, so that all of them are told at once.
    pub fn get<T: FromStr<Err: Display> + Display>(&mut self, name: &str, default: T) -> T {
        let (value, origin) = match self.find(name) {
            None => (default, "default"),
            Some((text, origin)) => match text.parse() {
                Ok(value) => (value, origin),
                Err(error) => {
                    self.errors
                        .push(format!("{name}={:?} ({error})", without_secrets(&text)));
                    (default, origin)
                }
            },
        };
        let shown = format!("{name}={} ({origin})", without_secrets(&value.to_string()));
        // What several parts go by is shown once.
        if !self.summary.contains(&shown) {
            self.summary.push(shown);
        }
        value
    }

    /// A setting that nobody shall read in the log: neither it nor what is wrong in it.
    pub fn secret<T: FromStr<Err: Display>>(&mut self, name: &str) -> Option<T> {
        let (text, origin) = self.find(name)?;
        match text.parse() {
            Ok(value) => {
                self.summary.push(format!("{name}=*** ({origin})"));
                Some(value)
            }
            Err(error) => {
                self.errors.push(format!("{name} ({error})"));
                None
            }
        }
    }

    /// Notes a setting that cannot be used, for a reason that it does not know of itself.
    pub fn refuse(&mut self, why: &str) {
        self.errors.push(why.to_owned());
    }

    /// Every setting that was read with where it came from, fit to be logged.
    ///
    /// # Errors
    /// Names every setting that cannot be used.
    pub fn finish(self) -> anyhow::Result<String> {
        if !self.errors.is_empty() {
            bail!("settings that cannot be used: {}", self.errors.join("; "));
        }
        Ok(self.summary.join(" "))
    }

    fn find(&self, name: &str) -> Option<(String, &'static str)> {
        let environment = self.environment.get(name);
        let environment = environment.map(|value| (value.clone(), "environment"));
        environment.or_else(|| Some((self.file.get(name)?.clone(), "file")))
    }
}

fn read_file(path: &Path) -> anyhow::Result<HashMap<String, String>> {
    let lines =
        dotenvy::from_path_iter(path).with_context(|| format!("cannot read {}", path.display()))?;
    lines
        .collect::<Result<_, _>>()
        .with_context(|| format!("{} is not made of NAME=value lines", path.display()))
}

/// Hides what stands before the `@` of a URL, and its query, where drivers accept passwords, too.
fn without_secrets(text: &str) -> String {
    let Some((scheme, rest)) = text.split_once("://") else {
        return text.to_owned();
    };
    let address = rest.split('?').next().unwrap_or_default();
    match address.rsplit_once('@') {
        Some((_, host)) => format!("{scheme}://***@{host}"),
        None => format!("{scheme}://{address}"),
    }
}
