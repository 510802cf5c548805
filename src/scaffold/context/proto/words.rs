//! The rules of a field in words, as comments of its `.proto` file.

use heck::ToShoutySnakeCase;

use crate::project::entity::{Field, FieldType, Format};
use crate::scaffold::context::rules::lengths;

/// What may be in a field; lines of a comment.
pub(super) fn comment(name: &str, field: &Field) -> Vec<String> {
    let mut words = Vec::new();
    words.extend(form(field));
    words.extend(bounds(field));
    words.extend(field.pattern.as_ref().map(|pattern| format!("Matches `{pattern}`.")));
    words.extend(field.unique.then(|| "No two records have the same.".to_owned()));
    words.extend(field.target().map(|target| format!("The id of a record of `{target}`.")));
    words.extend(default(name, field));
    wrapped(&words.join(" "))
}

fn form(field: &Field) -> Option<String> {
    Some(match field.kind {
        FieldType::Decimal => {
            let (digits, scale) = field.precision();
            format!("A decimal number of up to {digits} digits, {scale} of them behind the point.")
        }
        FieldType::Uuid => "A UUID.".to_owned(),
        FieldType::Date => "A day, such as `2026-01-31`.".to_owned(),
        FieldType::Json => "Any JSON; whole numbers are exact up to 2^53.".to_owned(),
        _ => match field.format? {
            Format::Email => "An e-mail address.".to_owned(),
            Format::Uri => "An absolute URI.".to_owned(),
        },
    })
}

fn bounds(field: &Field) -> Option<String> {
    let (unit, low, high) = match field.kind {
        FieldType::String | FieldType::Text => {
            let (low, high) = lengths(field);
            (" characters", low.map(|n| n.to_string()), high.map(|n| n.to_string()))
        }
        _ => ("", field.minimum.as_ref().map(ToString::to_string), field.maximum.as_ref().map(ToString::to_string)),
    };
    Some(match (low, high) {
        (Some(low), Some(high)) => format!("{low} to {high}{unit}."),
        (Some(low), None) => format!("At least {low}{unit}."),
        (None, Some(high)) => format!("At most {high}{unit}."),
        (None, None) => return None,
    })
}

fn default(name: &str, field: &Field) -> Option<String> {
    let default = field.default.as_ref()?;
    let text = default.as_str().map_or_else(|| default.to_string(), str::to_owned);
    let shown = if field.kind == FieldType::Enum { format!("{name}_{text}").to_shouty_snake_case() } else { text };
    Some(format!("`{shown}` where it is left out."))
}

/// Lines of a comment inside a message.
fn wrapped(text: &str) -> Vec<String> {
    const WIDTH: usize = 92;
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= WIDTH => line.extend([" ", word]),
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}
