//! A field as templates see it: its Rust type, the attributes that carry its rules, and its default.

use heck::{ToPascalCase, ToSnakeCase};
use serde_json::{Number, Value, json};

use super::names;
use crate::project::entity::{Field, FieldType, Format};
use crate::project::name::FieldName;

/// rustfmt breaks the arguments of an attribute that are longer than this.
const ATTRIBUTE_WIDTH: usize = 70;

/// The characters that a `string` may have unless `length` says otherwise.
pub(super) const STRING_MAXIMUM: u32 = 255;

/// Where a field stands.
pub(super) struct Scope<'a> {
    /// The entity as in a sentence.
    pub(super) entity: &'a str,
    /// The entity's type.
    pub(super) pascal: &'a str,
    /// The type names of all entities of the service.
    pub(super) types: &'a [String],
}

pub(super) fn context(name: &str, field: &Field, scope: &Scope) -> Value {
    let base = rust_type(name, field, scope);
    let rust = if field.optional { format!("Option<{base}>") } else { base.clone() };
    let identifier = names::identifier(name);
    let by_reference = matches!(field.kind, FieldType::String | FieldType::Text | FieldType::Json);
    json!({
        "name": name,
        "identifier": identifier,
        "rust": rust,
        "optional": field.optional,
        "required": is_required(field),
        "bind": format!("{}input.{identifier}", if by_reference { "&" } else { "" }),
        "attributes": attributes(name, field),
        "default": default_function(name, field, &base, &rust),
        "schema": schema_function(name, field),
        "enum": (field.kind == FieldType::Enum).then(|| enumeration(name, field, &base, scope)),
        "api": super::openapi::field(field, &base),
    })
}

/// Whether a request must hold it.
pub(super) fn is_required(field: &Field) -> bool {
    !field.optional && field.default.is_none()
}

fn rust_type(name: &str, field: &Field, scope: &Scope) -> String {
    match field.kind {
        FieldType::String | FieldType::Text => "String".to_owned(),
        FieldType::Integer => "i64".to_owned(),
        FieldType::Decimal => {
            let (digits, scale) = field.precision();
            format!("Decimal<{digits}, {scale}>")
        }
        FieldType::Boolean => "bool".to_owned(),
        FieldType::Uuid => "Uuid".to_owned(),
        FieldType::Date => "NaiveDate".to_owned(),
        FieldType::Datetime => "Timestamp".to_owned(),
        FieldType::Json => "Value".to_owned(),
        FieldType::Enum => {
            let own = format!("{}{}", scope.pascal, name.to_pascal_case());
            let taken = scope.types.iter().any(|other| *other == own || format!("{other}Input") == own);
            if taken { own + "Value" } else { own }
        }
    }
}

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

fn attributes(name: &str, field: &Field) -> Vec<String> {
    let mut attributes = Vec::new();
    if field.default.is_some() {
        attributes.push(match needs_default_function(field) {
            true => format!("#[serde(default = \"default_{name}\")]"),
            false => "#[serde(default)]".to_owned(),
        });
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

/// A string literal of Rust.
pub(super) fn literal(text: &str) -> String {
    format!("{text:?}")
}

/// Decimals with bounds or a default have their schema made by a function.
pub(super) fn needs_schema_function(field: &Field) -> bool {
    let bounded = field.minimum.is_some() || field.maximum.is_some() || field.default.is_some();
    field.kind == FieldType::Decimal && bounded
}

fn schema_function(name: &str, field: &Field) -> Value {
    if !needs_schema_function(field) {
        return Value::Null;
    }
    let (digits, scale) = field.precision();
    let bound = |number: &Number| float(&number.to_string());
    let mut calls = Vec::new();
    calls.extend(field.minimum.as_ref().map(|n| format!("minimum(Some({}))", bound(n))));
    calls.extend(field.maximum.as_ref().map(|n| format!("maximum(Some({}))", bound(n))));
    calls.extend(decimal_default(field).map(|text| format!("default(Some({}.into()))", literal(&text))));
    let of = if field.optional { "optional_input_schema" } else { "input_schema" };
    json!({ "name": format!("{name}_schema"), "of": format!("Decimal::<{digits}, {scale}>::{of}()"), "calls": calls })
}

/// The default of a decimal, with all of its places.
pub(super) fn decimal_default(field: &Field) -> Option<String> {
    let text = match field.default.as_ref()? {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    Some(scaled_text(units(&text, field.precision().1)?, field.precision().1))
}

/// The value in units of the last place: `12.5` with two places -> 1250.
pub(super) fn units(text: &str, scale: u8) -> Option<i64> {
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let fraction = format!("{fraction:0<width$}", width = usize::from(scale));
    let fraction = fraction.get(..usize::from(scale))?;
    format!("{whole}{fraction}").parse::<i64>().ok().map(|units| sign * units)
}

/// The value of so many units as text.
pub(super) fn scaled_text(units: i64, scale: u8) -> String {
    let width = usize::from(scale) + 1;
    let digits = format!("{:0>width$}", units.unsigned_abs());
    let (whole, fraction) = digits.split_at(digits.len() - usize::from(scale));
    let sign = if units < 0 { "-" } else { "" };
    if scale == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") }
}

fn needs_default_function(field: &Field) -> bool {
    field.default.is_some() && (field.optional || field.kind != FieldType::Enum)
}

fn default_function(name: &str, field: &Field, base: &str, rust: &str) -> Value {
    let Some(default) = field.default.as_ref().filter(|_| needs_default_function(field)) else {
        return Value::Null;
    };
    let text = default.as_str().map_or_else(|| default.to_string(), str::to_owned);
    let value = match field.kind {
        FieldType::String | FieldType::Text => format!("{}.to_owned()", literal(&text)),
        FieldType::Integer => default.as_i64().map_or(text, grouped),
        FieldType::Boolean => text,
        FieldType::Decimal => {
            let units = units(&text, field.precision().1).unwrap_or_default();
            format!("Decimal::from_units({})", grouped(units))
        }
        FieldType::Enum => format!("{base}::{}", text.to_pascal_case()),
        FieldType::Uuid => format!("Uuid::parse_str({}).unwrap_or_default()", literal(&text)),
        FieldType::Date => format!("{}.parse().unwrap_or_default()", literal(&text)),
        FieldType::Datetime => format!("{}.parse().unwrap_or_default()", literal(&text)),
        FieldType::Json => format!("serde_json::from_str({}).unwrap_or_default()", literal(&default.to_string())),
    };
    let value = if field.optional { format!("Some({value})") } else { value };
    json!({ "name": format!("default_{name}"), "rust": rust, "value": value, "always_some": field.optional })
}

/// A float as clippy wants it written: `1_000_000.0`.
fn float(number: &str) -> String {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
    whole.parse().map_or_else(|_| number.to_owned(), |whole| format!("{}.{fraction}", grouped(whole)))
}

/// A number as clippy wants it written: `1_250`.
pub(super) fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let groups: Vec<&str> = digits.as_bytes().rchunks(3).rev().filter_map(|g| std::str::from_utf8(g).ok()).collect();
    let digits = if digits.len() > 4 { groups.join("_") } else { digits.clone() };
    if number < 0 { format!("-{digits}") } else { digits }
}

fn enumeration(name: &str, field: &Field, base: &str, scope: &Scope) -> Value {
    // Derived renaming works both ways for most values; `a_1` becomes `A1` and would come back as `a1`.
    let comes_back = |value: &FieldName| {
        let back = value.as_str().to_pascal_case().to_snake_case();
        let single =
            value.as_str().split('_').all(|word| word.len() > 1 && word.starts_with(|c: char| c.is_alphabetic()));
        back == value.as_str() && (single || !value.as_str().contains('_'))
    };
    let default = field.default.as_ref().filter(|_| !field.optional);
    let variants = field.values.iter().map(|value| {
        json!({
            "name": value.as_str().to_pascal_case(), "value": value.as_str(),
            "default": default.and_then(Value::as_str) == Some(value.as_str()),
        })
    });
    json!({
        "name": base,
        "description": format!("The {} of {}.", names::title(name), names::with_article(scope.entity)),
        "renamed": !field.values.iter().all(comes_back),
        "default": default,
        "variants": variants.collect::<Vec<_>>(),
    })
}
