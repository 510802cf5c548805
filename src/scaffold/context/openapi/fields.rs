//! The schemas of fields, in answers and in requests.

use serde_json::{Value, json};

use super::super::defaults::decimal_default;
use super::super::rules::{format_name, lengths, shows_default, whole};
use super::reference;
use crate::project::entity::{Field, FieldType};

/// The schemas of a field: `shown` in answers, `sent` in requests, and the `component` that its type is.
pub(in crate::scaffold::context) fn field(field: &Field, base: &str) -> Value {
    let nullable = |schema: Value| {
        if field.optional { json!({ "oneOf": [schema, { "type": "null" }] }) } else { schema }
    };
    let typed = |name: &str, format: Option<&str>| {
        let mut schema = if field.optional { json!({ "type": [name, "null"] }) } else { json!({ "type": name }) };
        if let Some(format) = format {
            schema["format"] = format.into();
        }
        schema
    };
    let mut component = Value::Null;
    let shown = match field.kind {
        FieldType::String | FieldType::Text => typed("string", None),
        FieldType::Integer => typed("integer", Some("int64")),
        FieldType::Boolean => typed("boolean", None),
        FieldType::Uuid => typed("string", Some("uuid")),
        FieldType::Date => typed("string", Some("date")),
        FieldType::Datetime => nullable(reference("Timestamp")),
        FieldType::Enum => nullable(reference(base)),
        FieldType::Json => json!({}),
        FieldType::Decimal => {
            let (digits, scale) = field.precision();
            let name = format!("Decimal{digits}_{scale}");
            let schema = json!({ "type": "string", "format": "decimal", "pattern": decimal_pattern(digits, scale) });
            component = json!({ "name": name, "schema": schema });
            nullable(reference(&name))
        }
    };
    let sent = sent(field, &shown);
    json!({ "shown": shown, "sent": sent, "component": component })
}

/// The schema of a parameter that lists are filtered by.
pub(in crate::scaffold::context) fn parameter(field: &Field, base: &str) -> Value {
    // What may be missing in an entry is never null in an address.
    self::field(&Field { optional: false, ..field.clone() }, base)["shown"].clone()
}

fn decimal_pattern(digits: u8, scale: u8) -> String {
    let fraction = if scale == 0 { String::new() } else { format!("(\\.[0-9]{{1,{scale}}})?") };
    format!("^-?[0-9]{{1,{}}}{fraction}$", (digits - scale).max(1))
}

/// What a request may hold: the members in the order in which utoipa writes them.
fn sent(field: &Field, shown: &Value) -> Value {
    let mut schema = if field.kind == FieldType::Decimal { decimal(field) } else { shown.clone() };
    let mut rule = |name: &str, value: Option<Value>| {
        if let (Some(value), Some(schema)) = (value, schema.as_object_mut()) {
            schema.insert(name.to_owned(), value);
        }
    };
    rule("format", field.format.map(|format| format_name(format).into()));
    if shows_default(field) {
        rule("default", field.default.clone());
    }
    if field.kind == FieldType::Integer {
        rule("maximum", field.maximum.clone().map(Value::Number));
        rule("minimum", field.minimum.clone().map(Value::Number));
    }
    if matches!(field.kind, FieldType::String | FieldType::Text) {
        let (least, most) = lengths(field);
        rule("maxLength", most.map(Value::from));
        rule("minLength", least.map(Value::from));
        rule("pattern", field.pattern.as_deref().map(|pattern| whole(pattern).into()));
    }
    schema
}

fn decimal(field: &Field) -> Value {
    let (digits, scale) = field.precision();
    let types: &[&str] = if field.optional { &["string", "number", "null"] } else { &["string", "number"] };
    let limit = 10_i64.pow((digits - scale).into());
    let number = |n: &serde_json::Number| n.as_f64().map_or(Value::Null, plain);
    let mut schema = json!({ "type": types, "format": "decimal" });
    if let Some(default) = decimal_default(field) {
        schema["default"] = default.into();
    }
    schema["multipleOf"] = plain(10_f64.powi(-i32::from(scale)));
    if let Some(maximum) = &field.maximum {
        schema["maximum"] = number(maximum);
    }
    if let Some(minimum) = &field.minimum {
        schema["minimum"] = number(minimum);
    }
    schema["exclusiveMaximum"] = limit.into();
    schema["exclusiveMinimum"] = (-limit).into();
    schema["pattern"] = decimal_pattern(digits, scale).into();
    schema
}

/// utoipa writes whole numbers without a point.
#[expect(clippy::cast_possible_truncation, reason = "only whole numbers within i64 are cast")]
fn plain(number: f64) -> Value {
    if number.fract() == 0.0 && number.abs() < 9e15 { (number as i64).into() } else { number.into() }
}
