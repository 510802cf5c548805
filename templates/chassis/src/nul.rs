//! The one character that PostgreSQL stores nowhere, neither in text nor inside JSON.

use serde_json::Value;

/// What is said to those who send it.
pub(crate) const REFUSED: &str = "must not contain the character U+0000";

/// Whether it is in any text of this value.
pub(crate) fn contains_nul(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(items) => items.iter().any(contains_nul),
        Value::Object(members) => {
            let mut members = members.iter();
            members.any(|(name, value)| name.contains('\0') || contains_nul(value))
        }
        _ => false,
    }
}
