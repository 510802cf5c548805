//! Reading YAML strictly: every error has its place, and an unknown key the nearest known one.

use serde::de::DeserializeOwned;
use serde_saphyr::{Error as Yaml, Spanned};

use crate::error::{Error, Result, nearest};

/// Reads one YAML document of type `T`. `origin` is the file's name as the user knows it.
///
/// # Errors
/// An invalid document: what is wrong, `origin:line:column`, and a hint where one is known.
pub fn parse<T: DeserializeOwned>(text: &str, origin: &str) -> Result<T> {
    serde_saphyr::from_str_with_options(text, options()).map_err(|e| explain(&e, origin))
}

/// Reads all YAML documents of a text, each with its place; empty ones are left out.
///
/// # Errors
/// As [`parse`].
pub fn parse_documents<T: DeserializeOwned>(text: &str, origin: &str) -> Result<Vec<Spanned<T>>> {
    serde_saphyr::from_multiple_with_options(text, options()).map_err(|e| explain(&e, origin))
}

/// File modes are written `0644` in Kubernetes' objects, and meant octal.
fn options() -> serde_saphyr::Options {
    serde_saphyr::options! { with_snippet: false, legacy_octal_numbers: true }
}

fn explain(error: &Yaml, origin: &str) -> Error {
    let error = error.without_snippet();
    let place = error
        .location()
        .filter(|l| l.line() > 0)
        .map_or_else(|| origin.to_owned(), |l| format!("{origin}:{}:{}", l.line(), l.column()));
    let invalid = Error::invalid(format!("{origin} is not valid"));
    match error {
        Yaml::SerdeUnknownField { field, expected, .. } => {
            with_candidates(invalid.cause(format!("{place}: unknown key `{field}`")), field, expected)
        }
        Yaml::SerdeUnknownVariant { variant, expected, .. } => {
            with_candidates(invalid.cause(format!("{place}: unknown value `{variant}`")), variant, expected)
        }
        other => invalid.cause(format!("{place}: {}", plain_message(other))),
    }
}

fn with_candidates(error: Error, word: &str, expected: &[&'static str]) -> Error {
    match nearest(word, expected.iter().copied()) {
        Some(near) => error.hint(format!("did you mean `{near}`?")),
        None if expected.is_empty() => error,
        None => error.hint(format!("known here: {}", expected.join(", "))),
    }
}

/// The message without the place, which stands before it already.
fn plain_message(error: &Yaml) -> String {
    let text = error.to_string();
    let first = text.lines().next().unwrap_or_default();
    let cut = first.find(" at line ").unwrap_or(first.len());
    first[..cut].trim_end_matches(&[',', ' ', ':'][..]).to_owned()
}
