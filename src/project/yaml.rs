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

/// The parser's terms for what it wanted, in the words of who writes the file.
const WORDS: [(&str, &str); 5] = [
    ("expected string scalar", "expected a plain value, found a list or mapping"),
    ("expected mapping start", "expected a mapping (`key: value`)"),
    ("expected sequence start", "expected a list"),
    ("unexpected end of input", "the file ends here, though something must follow"),
    ("duplicate mapping key: ", "a second time the key "),
];

/// The message without the place, which stands before it already, and without advice for programmers.
fn plain_message(error: &Yaml) -> String {
    let text = error.to_string();
    let first = text.lines().next().unwrap_or_default();
    if first.starts_with("budget breached") {
        return "the document grows beyond measure when its aliases are expanded".to_owned();
    }
    let cut = [" at line ", ", set DuplicateKeyPolicy"].iter().filter_map(|tail| first.find(tail)).min();
    let message = first[..cut.unwrap_or(first.len())].trim_end_matches([',', ' ', ':']);
    WORDS.iter().fold(message.to_owned(), |message, (theirs, ours)| message.replace(theirs, ours))
}
