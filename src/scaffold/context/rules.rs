//! The rules of a field as attributes of Rust, which carry them into the API document.

use serde_json::{Number, Value};

use super::defaults::{grouped, literal, needs_default_function, needs_schema_function};
use crate::project::entity::{Field, FieldType, Format};

/// rustfmt breaks the arguments of an attribute that are longer than this.
const ATTRIBUTE_WIDTH: usize = 70;

/// The characters that a `string` may have unless `length` says otherwise.
pub(super) const STRING_MAXIMUM: u32 = 255;

/// The lengths that are enforced.
pub(super) fn lengths(field: &Field) -> (Option<u32>, Option<u32>) {
    let (min, max) = field.length.map_or((None, None), |length| (length.min, length.max));
    let max = max
        .or((field.kind == FieldType::String && min.is_none_or(|min| min <= STRING_MAXIMUM)).then_some(STRING_MAXIMUM));
    (min, max)
}

/// The pattern for the whole value; schemas search for it anywhere.
pub(super) fn whole(pattern: &str) -> String {
    format!("^(?:{pattern})$")
}

/// The name of a format in JSON Schema.
pub(super) fn format_name(format: Format) -> &'static str {
    match format {
        Format::Email => "email",
        Format::Uri => "uri",
    }
}

/// The attributes above a field of the input.
pub(super) fn attributes(name: &str, field: &Field) -> Vec<String> {
    let mut attributes = Vec::new();
    if field.default.is_some() {
        let function = format!("#[serde(default = \"default_{name}\")]");
        attributes.push(if needs_default_function(field) { function } else { "#[serde(default)]".to_owned() });
    }
    let rules = rules(name, field);
    if !rules.is_empty() {
        let line = rules.join(", ");
        let unformatted = line.contains("schema_with");
        attributes.push(if line.len() > ATTRIBUTE_WIDTH && !unformatted {
            format!("#[schema(\n        {}\n    )]", rules.join(",\n        "))
        } else {
            format!("#[schema({line})]")
        });
    }
    attributes
}

fn rules(name: &str, field: &Field) -> Vec<String> {
    let mut rules = Vec::new();
    match field.kind {
        FieldType::Decimal if needs_schema_function(field) => rules.push(format!("schema_with = {name}_schema")),
        FieldType::Decimal => {
            let (digits, scale) = field.precision();
            let function = if field.optional { "optional_input_schema" } else { "input_schema" };
            rules.push(format!("schema_with = Decimal::<{digits}, {scale}>::{function}"));
        }
        FieldType::Integer => {
            rules.extend(field.minimum.as_ref().map(|minimum| format!("minimum = {}", whole_number(minimum))));
            rules.extend(field.maximum.as_ref().map(|maximum| format!("maximum = {}", whole_number(maximum))));
        }
        FieldType::String | FieldType::Text => {
            let (min, max) = lengths(field);
            rules.extend(min.map(|min| format!("min_length = {min}")));
            rules.extend(max.map(|max| format!("max_length = {max}")));
            rules.extend(field.pattern.as_ref().map(|pattern| format!("pattern = {}", literal(&whole(pattern)))));
            rules.extend(field.format.map(|format| format!("format = {}", literal(format_name(format)))));
        }
        _ => {}
    }
    if field.optional && field.kind == FieldType::Json {
        rules.push("required = false".to_owned());
    }
    if let Some(default) = field.default.as_ref().filter(|_| shows_default(field)) {
        rules.push(format!("default = {}", default_literal(default)));
    }
    rules
}

/// Whether the schema of the field itself, and not of its type, holds the default.
pub(super) fn shows_default(field: &Field) -> bool {
    !matches!(field.kind, FieldType::Decimal | FieldType::Enum | FieldType::Json)
}

fn default_literal(default: &Value) -> String {
    match default {
        Value::Number(number) => whole_number(number),
        other => other.as_str().map_or_else(|| other.to_string(), literal),
    }
}

fn whole_number(number: &Number) -> String {
    number.as_i64().map_or_else(|| number.to_string(), grouped)
}
