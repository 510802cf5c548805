//! What can be wrong with a single value: its type, its text, its size.

use std::collections::HashMap;

use email_address::EmailAddress;
use regex_lite::Regex;
use rust_decimal::Decimal;
use rust_decimal::prelude::FromPrimitive;
use serde_json::Value;
use url::Url;
use uuid::Uuid;

use crate::nul::{self, contains_nul};
use crate::{Timestamp, decimal};

/// The first thing that is wrong with `value` under a schema without references.
pub fn complaint(
    schema: &Value,
    value: &Value,
    patterns: &HashMap<String, Regex>,
) -> Option<String> {
    wrong_type(schema, value).or_else(|| match value {
        Value::String(_) | Value::Number(_) if schema["format"] == "decimal" => {
            wrong_decimal(schema, value, patterns)
        }
        Value::String(text) => wrong_text(schema, text, patterns),
        Value::Number(number) => wrong_number(schema, number.as_f64()?),
        _ => contains_nul(value).then(|| nul::REFUSED.to_owned()),
    })
}

fn wrong_type(schema: &Value, value: &Value) -> Option<String> {
    let allowed: Vec<&str> = match &schema["type"] {
        Value::String(name) => vec![name],
        Value::Array(names) => names.iter().filter_map(Value::as_str).collect(),
        _ => return None,
    };
    let fits = allowed.iter().any(|name| match *name {
        "string" => value.is_string(),
        "integer" => value.is_i64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        "object" => value.is_object(),
        "array" => value.is_array(),
        _ => true,
    });
    (!fits).then(|| format!("must be of type {}", allowed.join(" or ")))
}

fn wrong_text(schema: &Value, text: &str, patterns: &HashMap<String, Regex>) -> Option<String> {
    if text.contains('\0') {
        return Some(nul::REFUSED.to_owned());
    }
    let choices = schema["enum"].as_array();
    if choices.is_some_and(|choices| choices.iter().all(|choice| choice != text)) {
        let names = choices?.iter().filter_map(Value::as_str);
        let names: Vec<&str> = names.collect();
        return Some(format!("must be one of {}", names.join(", ")));
    }
    let length = text.chars().count() as u64;
    let least = schema["minLength"].as_u64().unwrap_or(0);
    let most = schema["maxLength"].as_u64().unwrap_or(u64::MAX);
    if length < least && least == 1 {
        return Some("must not be empty".to_owned());
    }
    if length < least {
        return Some(format!("must have at least {least} characters"));
    }
    if length > most {
        return Some(format!("must have at most {most} characters"));
    }
    if let Some(complaint) = wrong_pattern(schema, text, patterns) {
        return Some(complaint);
    }
    let format = schema["format"].as_str()?;
    (!has_format(format, text)).then(|| format!("must be a valid {format}"))
}

fn has_format(format: &str, text: &str) -> bool {
    match format {
        "uuid" => Uuid::try_parse(text).is_ok(),
        // Four digits for the year, as RFC 3339 has it: dates then sort as text, too.
        "date" => text.len() == 10 && text.parse::<chrono::NaiveDate>().is_ok(),
        "date-time" => text.parse::<Timestamp>().is_ok(),
        "email" => EmailAddress::is_valid(text),
        "uri" => Url::parse(text).is_ok(),
        _ => true,
    }
}

fn wrong_number(schema: &Value, number: f64) -> Option<String> {
    let bound = |keyword: &str| schema[keyword].as_f64();
    if let Some(minimum) = bound("minimum").filter(|minimum| number < *minimum) {
        return Some(format!("must be at least {minimum}"));
    }
    let maximum = bound("maximum").filter(|maximum| number > *maximum)?;
    Some(format!("must be at most {maximum}"))
}

/// Decimals are compared as such, so that 0.1 is 0.1.
fn wrong_decimal(
    schema: &Value,
    value: &Value,
    patterns: &HashMap<String, Regex>,
) -> Option<String> {
    let bound = |keyword: &str| schema[keyword].as_f64().and_then(Decimal::from_f64);
    let Some(number) = decimal::from_json(value) else {
        return Some(decimal::NO_NUMBER.to_owned());
    };
    if let Some(unit) = bound("multipleOf").filter(|unit| !(number % unit).is_zero()) {
        return Some(format!("must be a multiple of {unit}"));
    }
    if let Some(limit) = bound("exclusiveMaximum").filter(|limit| number.abs() >= *limit) {
        return Some(format!("must be below {limit}"));
    }
    if let Some(minimum) = bound("minimum").filter(|minimum| number < *minimum) {
        return Some(format!("must be at least {minimum}"));
    }
    if let Some(maximum) = bound("maximum").filter(|maximum| number > *maximum) {
        return Some(format!("must be at most {maximum}"));
    }
    wrong_pattern(schema, value.as_str()?, patterns)
}

/// A pattern that could not be compiled matches nothing: a rule is not dropped silently.
fn wrong_pattern(schema: &Value, text: &str, patterns: &HashMap<String, Regex>) -> Option<String> {
    let pattern = schema["pattern"].as_str()?;
    let is_match = patterns.get(pattern).is_some_and(|p| p.is_match(text));
    (!is_match).then(|| format!("must match {pattern}"))
}
