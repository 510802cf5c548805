//! Defaults and bounds as expressions of Rust.

use heck::ToPascalCase;
use serde_json::{Number, Value, json};

use crate::project::entity::{Field, FieldType};

/// A string literal of Rust.
pub(super) fn literal(text: &str) -> String {
    format!("{text:?}")
}

/// Decimals with bounds or a default have their schema made by a function.
pub(super) fn needs_schema_function(field: &Field) -> bool {
    let bounded = field.minimum.is_some() || field.maximum.is_some() || field.default.is_some();
    field.kind == FieldType::Decimal && bounded
}

/// The function that makes such a schema.
pub(super) fn schema_function(name: &str, field: &Field) -> Value {
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

/// Whether serde takes the default from a function, and not from the type.
pub(super) fn needs_default_function(field: &Field) -> bool {
    field.default.is_some() && (field.optional || field.kind != FieldType::Enum)
}

/// The function that gives the default.
pub(super) fn default_function(name: &str, field: &Field, base: &str, rust: &str) -> Value {
    let Some(value) = default_value(field, base).filter(|_| needs_default_function(field)) else {
        return Value::Null;
    };
    let value = if field.optional { format!("Some({value})") } else { value };
    json!({ "name": format!("default_{name}"), "rust": rust, "value": value, "always_some": field.optional })
}

/// The default as an expression.
pub(super) fn default_value(field: &Field, base: &str) -> Option<String> {
    let default = field.default.as_ref()?;
    let text = default.as_str().map_or_else(|| default.to_string(), str::to_owned);
    Some(match field.kind {
        FieldType::String | FieldType::Text => format!("{}.to_owned()", literal(&text)),
        FieldType::Integer => default.as_i64().map_or(text, grouped),
        FieldType::Boolean => text,
        FieldType::Decimal => {
            let units = units(&text, field.precision().1).unwrap_or_default();
            format!("Decimal::from_units({})", grouped(units))
        }
        FieldType::Enum => format!("{base}::{}", text.to_pascal_case()),
        FieldType::Uuid => format!("Uuid::parse_str({}).unwrap_or_default()", literal(&text)),
        FieldType::Date | FieldType::Datetime => format!("{}.parse().unwrap_or_default()", literal(&text)),
        FieldType::Json => format!("serde_json::from_str({}).unwrap_or_default()", literal(&default.to_string())),
    })
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
