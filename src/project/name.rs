//! Names, validated once: whoever holds one need not check again.

use std::fmt::Display;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Words that Rust keeps for itself and that therefore can't be a crate's or module's name.
/// Source: The Rust Reference, "Keywords" (strict, reserved; editions up to 2024).
const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do", "dyn", "else",
    "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro", "match", "mod",
    "move", "mut", "override", "priv", "pub", "ref", "return", "self", "static", "struct", "super", "trait", "true",
    "try", "type", "typeof", "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// Crate names that a generated workspace or the toolchain already uses.
const TAKEN: &[&str] =
    &["alloc", "build", "chassis", "core", "deps", "examples", "incremental", "proc-macro", "std", "test"];

/// Whether `word` is a Rust keyword.
#[must_use]
pub fn is_keyword(word: &str) -> bool {
    KEYWORDS.contains(&word)
}

/// The longest name allowed, in characters: names derived from it stay below the 63 of a DNS label.
const MAX: usize = 40;

/// What keeps `name` from being a DNS label (RFC 1123) that starts with a letter.
fn not_a_label(name: &str) -> Option<String> {
    if name.is_empty() {
        Some("is empty".to_owned())
    } else if name.len() > MAX {
        Some(format!("is longer than {MAX} characters"))
    } else if let Some(c) = name.chars().find(|c| !matches!(c, 'a'..='z' | '0'..='9' | '-')) {
        Some(format!("holds {c:?}; only a-z, 0-9 and - are allowed"))
    } else if !name.starts_with(|c: char| c.is_ascii_lowercase()) {
        Some("does not start with a letter".to_owned())
    } else if name.ends_with('-') || name.contains("--") {
        Some("has a hyphen at its end or two in a row".to_owned())
    } else {
        None
    }
}

/// What keeps `name` from being a crate's and a module's name too.
fn not_a_crate(name: &str) -> Option<String> {
    if is_keyword(name) {
        Some("is a Rust keyword".to_owned())
    } else if TAKEN.contains(&name) {
        Some("is the name of another crate or folder of the build".to_owned())
    } else {
        None
    }
}

/// The name of a service, system or entity: a DNS label that starts with a letter, is at most 40 characters long,
/// and can be a crate's name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
pub struct DnsLabel(#[schemars(regex(pattern = r"^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$"))] String);

impl DnsLabel {
    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The variable in which those that use the service of this name find its address: `USER_PROFILES_URL`.
    #[must_use]
    pub fn url_variable(&self) -> String {
        format!("{}_URL", self.0.to_uppercase().replace('-', "_"))
    }
}

impl TryFrom<String> for DnsLabel {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        match not_a_label(&name).or_else(|| not_a_crate(&name)) {
            Some(problem) => Err(format!("{name:?} can't be a name: it {problem}")),
            None => Ok(Self(name)),
        }
    }
}

/// The name of an environment: a DNS label that starts with a letter, at most 40 characters long.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
pub struct EnvironmentName(#[schemars(regex(pattern = r"^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$"))] String);

impl EnvironmentName {
    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for EnvironmentName {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        match not_a_label(&name) {
            Some(problem) => Err(format!("{name:?} can't be an environment's name: it {problem}")),
            None => Ok(Self(name)),
        }
    }
}

impl From<EnvironmentName> for String {
    fn from(name: EnvironmentName) -> Self {
        name.0
    }
}

impl Display for EnvironmentName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<&str> for DnsLabel {
    type Error = String;

    fn try_from(name: &str) -> Result<Self, String> {
        name.to_owned().try_into()
    }
}

impl From<DnsLabel> for String {
    fn from(name: DnsLabel) -> Self {
        name.0
    }
}

impl Display for DnsLabel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// The name of an entity's field: lower snake case, at most 40 characters. Rust keywords are allowed
/// (`type` is a common column name) except those that can't be written as raw identifiers.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
pub struct FieldName(#[schemars(regex(pattern = r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$"))] String);

impl FieldName {
    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for FieldName {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        let words_ok = name.split('_').all(|w| !w.is_empty() && w.chars().all(|c| matches!(c, 'a'..='z' | '0'..='9')));
        let problem = if !words_ok || !name.starts_with(|c: char| c.is_ascii_lowercase()) || name.len() > MAX {
            "fields are written like `total` or `unit_price`, at most 40 characters".to_owned()
        } else if matches!(name.as_str(), "id" | "created_at" | "updated_at" | "row_version") {
            "every entity has that field already".to_owned()
        } else if matches!(name.as_str(), "self" | "super" | "crate") {
            "Rust can't have a field of that name".to_owned()
        } else {
            return Ok(Self(name));
        };
        Err(format!("{name:?} can't be a field: {problem}"))
    }
}

impl From<FieldName> for String {
    fn from(name: FieldName) -> Self {
        name.0
    }
}

impl Display for FieldName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}
