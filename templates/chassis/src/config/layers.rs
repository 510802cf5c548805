//! The places that settings come from.

use std::collections::HashMap;
use std::fmt::Display;
use std::str::FromStr;
use std::time::Duration;

/// Where settings come from, and what was found.
#[derive(Default)]
pub(crate) struct Layers {
    pub environment: HashMap<String, String>,
    pub file: HashMap<String, String>,
    pub summary: Vec<String>,
    pub errors: Vec<String>,
}

impl Layers {
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
        self.summary.push(format!(
            "{name}={} ({origin})",
            without_secrets(&value.to_string())
        ));
        value
    }
{%- if options.auth == "jwt" %}

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
{%- endif %}

    fn find(&self, name: &str) -> Option<(String, &'static str)> {
        let environment = self.environment.get(name);
        let environment = environment.map(|value| (value.clone(), "environment"));
        environment.or_else(|| Some((self.file.get(name)?.clone(), "file")))
    }
}

/// Hides what stands before the `@` of a URL, and its query, where drivers accept passwords, too.
pub(super) fn without_secrets(text: &str) -> String {
    let Some((scheme, rest)) = text.split_once("://") else {
        return text.to_owned();
    };
    let address = rest.split('?').next().unwrap_or_default();
    match address.rsplit_once('@') {
        Some((_, host)) => format!("{scheme}://***@{host}"),
        None => format!("{scheme}://{address}"),
    }
}
