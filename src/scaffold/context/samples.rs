//! Data for the tests of a generated service: valid, invalid, changed.

use serde_json::{Value, json};

use super::defaults::{decimal_default, grouped, literal, scaled_text, units};
use super::field::is_required;
use super::rules::lengths;
use super::{lists, pattern, references};
use crate::project::entity::{Entity, Field, FieldType, Format};
use crate::project::name::FieldName;

/// A member of a `json!` object: a name and an expression of Rust.
struct Member<'a> {
    name: &'a FieldName,
    expression: String,
}

impl Member<'_> {
    fn context(&self) -> Value {
        json!({ "name": self.name.as_str(), "expression": self.expression })
    }
}

pub(super) fn context(entity: &Entity) -> Value {
    let fields = || entity.fields.iter().map(|(name, field)| (name, &**field));
    let all = |expression: &dyn Fn(&FieldName, &Field) -> Option<String>| -> Vec<Value> {
        let members = fields().filter_map(|(name, field)| Some(Member { name, expression: expression(name, field)? }));
        members.map(|member| member.context()).collect()
    };
    let changed = fields().filter(|(_, field)| field.target().is_none()).find_map(|(name, field)| {
        let (before, after) = (sample(name, field, 0), sample(name, field, 1));
        (before != after).then(|| Member { name, expression: after }.context())
    });
    // Where values must differ and there are few of them, not every test can have its entries.
    let room = fields().filter(|(_, field)| field.unique).map(|(name, field)| distinct(name, field)).min().unwrap_or(9);
    let taken = fields().find(|(_, field)| varies(field) || (field.unique && references::is_needed(field)));
    let function = function(entity);
    json!({
        "varies": function.varies,
        "parameters": function.parameters(),
        "first": function.call("0"),
        "second": function.call("1"),
        "nth": function.call("n"),
        "sample": all(&|name, field| Some(if varies(field) { unique(name, field) } else { usual(name, field) })),
        "example": all(&|name, field| (field.target().is_none() || is_required(field)).then(|| plain(name, field))),
        "required": all(&|name, field| is_required(field).then(|| usual(name, field))),
        "defaults": all(&|_, field| default(field)),
        "invalid": all(&|_, field| invalid(field)),
        "changed": changed,
        "room": room,
        "lists": lists::tests(entity),
        "unique": taken.map(|(name, _)| name.as_str()),
    })
}

/// The function of a generated test that makes a sample.
struct Function {
    /// Whether samples differ.
    varies: bool,
    /// The variables for what must be there first, because a sample refers to it.
    needed: Vec<String>,
}

fn function(entity: &Entity) -> Function {
    let needed = entity.fields.iter().filter(|(_, field)| references::is_needed(field));
    Function {
        varies: entity.fields.values().any(|field| varies(field)),
        needed: needed.map(|(name, _)| references::variable(name)).collect(),
    }
}

impl Function {
    fn parameters(&self) -> String {
        let needed = self.needed.iter().map(|name| format!("{name}: &Answer"));
        self.varies.then(|| "n: usize".to_owned()).into_iter().chain(needed).collect::<Vec<_>>().join(", ")
    }

    fn call(&self, n: &str) -> String {
        let needed = self.needed.iter().map(|name| format!("&{name}"));
        let arguments: Vec<String> = self.varies.then(|| n.to_owned()).into_iter().chain(needed).collect();
        format!("sample({})", arguments.join(", "))
    }
}

/// Whether no two samples may have the same value in this field.
fn varies(field: &Field) -> bool {
    field.unique && field.target().is_none()
}

/// A sample that suits most tests. It refers to what a test has made, or to nothing.
fn usual(name: &FieldName, field: &Field) -> String {
    if references::is_needed(field) {
        format!("{}.body[\"id\"]", references::variable(name))
    } else if field.target().is_some() {
        "null".to_owned()
    } else {
        sample(name, field, 0)
    }
}

/// A literal without its quotes.
pub(super) fn unquoted(literal: &str) -> String {
    serde_json::from_str(literal).unwrap_or_else(|_| literal.to_owned())
}

/// A sample as JSON, which has no `_` in its numbers.
pub(super) fn plain(name: &FieldName, field: &Field) -> String {
    let text = sample(name, field, 0);
    if field.kind == FieldType::Integer { text.replace('_', "") } else { text }
}

/// How many different samples there are.
fn distinct(name: &FieldName, field: &Field) -> usize {
    if field.target().is_some() {
        return 1;
    }
    let samples: std::collections::HashSet<String> = (0..4).map(|seed| sample(name, field, seed)).collect();
    samples.len()
}

/// An expression that depends on `n`, for fields whose values must differ.
fn unique(name: &FieldName, field: &Field) -> String {
    let samples: Vec<String> = (0..4).map(|seed| sample(name, field, seed)).collect();
    format!("([{}][n])", samples.join(", "))
}

/// A valid value; other seeds give other values where the rules allow it.
pub(super) fn sample(name: &FieldName, field: &Field, seed: u32) -> String {
    let index = i64::from(seed);
    match field.kind {
        FieldType::String | FieldType::Text => literal(&text(name.as_str(), field, seed)),
        FieldType::Integer => {
            let bound = |n: &Option<serde_json::Number>, other| {
                n.as_ref().and_then(serde_json::Number::as_i64).unwrap_or(other)
            };
            let (low, high) = (bound(&field.minimum, i64::MIN), bound(&field.maximum, i64::MAX));
            grouped(within(3_i64.clamp(low, high), index, low, high))
        }
        FieldType::Decimal => {
            let (digits, scale) = field.precision();
            let limit = 10_i64.pow(digits.into()) - 1;
            let bound = |n: &Option<serde_json::Number>, other| {
                n.as_ref().and_then(|n| units(&n.to_string(), scale)).unwrap_or(other)
            };
            let (low, high) = (bound(&field.minimum, -limit), bound(&field.maximum, limit));
            let usual = 125 * 10_i64.pow(scale.into()) / 10;
            literal(&scaled_text(within(usual.clamp(low, high), index, low, high), scale))
        }
        FieldType::Boolean => seed.is_multiple_of(2).to_string(),
        FieldType::Uuid => literal(&format!("0195a1b2-c3d4-7e5f-8a6b-{:012}", index + 1)),
        FieldType::Date => literal(&format!("2026-01-{:02}", 28 + index)),
        FieldType::Datetime => literal(&format!("2026-01-31T12:30:{index:02}.000000Z")),
        FieldType::Enum => {
            let value = field.values.get(seed as usize % field.values.len().max(1));
            literal(value.map_or("", FieldName::as_str))
        }
        FieldType::Json => format!("{{ \"colour\": \"blue\", \"sizes\": [1, {}] }}", index + 2),
    }
}

/// `start` moved by `offset` in the direction that stays in bounds.
fn within(start: i64, offset: i64, low: i64, high: i64) -> i64 {
    let up = start.checked_add(offset).filter(|n| *n <= high);
    up.unwrap_or_else(|| start.saturating_sub(offset).max(low))
}

/// Text that reads like what the field's name promises.
fn text(name: &str, field: &Field, seed: u32) -> String {
    let (least, most) = lengths(field);
    let least = least.unwrap_or(0) as usize;
    if let Some(pattern) = &field.pattern {
        return pattern::sample(pattern, seed, least).unwrap_or_default();
    }
    match field.format {
        Some(Format::Email) => return format!("{}@example.com", ["ada", "grace", "mary", "joan"][seed as usize % 4]),
        Some(Format::Uri) => return format!("https://example.com/{}", seed + 1),
        None => {}
    }
    let choices = match name.rsplit('_').next().unwrap_or_default() {
        "customer" | "user" | "name" | "author" | "owner" => {
            ["Ada Lovelace", "Grace Hopper", "Mary Kenneth Keller", "Joan Clarke"]
        }
        "item" | "product" | "article" => ["Analytical engine", "Difference engine", "Slide rule", "Punched cards"],
        "title" | "subject" => ["On computable numbers", "Notes by the translator", "The first bug", "A compiler"],
        "city" | "town" => ["London", "Turin", "New York", "Vienna"],
        "description" | "note" | "notes" | "comment" | "text" | "body" => {
            ["Handle with care.", "Needs oil.", "As good as new.", "To be collected."]
        }
        _ => ["first", "second", "third", "fourth"],
    };
    let chosen = choices[seed as usize % choices.len()];
    let fits = |text: &str| (least..=most.map_or(usize::MAX, |most| most as usize)).contains(&text.chars().count());
    if fits(chosen) { chosen.to_owned() } else { format!("{seed:0>least$}", least = least.max(1)) }
}

/// What the field holds when a request leaves it out.
fn default(field: &Field) -> Option<String> {
    match (field.kind, field.default.as_ref()) {
        (FieldType::Decimal, Some(_)) => decimal_default(field).map(|text| literal(&text)),
        // Moments come back in one form, whatever the form of the default.
        (FieldType::Datetime, Some(_)) => None,
        (FieldType::Integer, Some(default)) => default.as_i64().map(grouped),
        (_, Some(default)) => Some(default.as_str().map_or_else(|| default.to_string(), literal)),
        (_, None) => field.optional.then(|| "null".to_owned()),
    }
}

/// A value that breaks a rule of the field, or is of the wrong type. Any JSON is valid for json.
fn invalid(field: &Field) -> Option<String> {
    let bound = |n: &Option<serde_json::Number>| n.as_ref().and_then(serde_json::Number::as_i64);
    Some(match field.kind {
        FieldType::String | FieldType::Text => match lengths(field) {
            (Some(1..), _) => literal(""),
            _ if field.format.is_some() => literal("nothing of the kind"),
            (_, Some(most)) => format!("\"x\".repeat({})", most + 1),
            _ => "1".to_owned(),
        },
        FieldType::Integer => match (bound(&field.minimum), bound(&field.maximum)) {
            (Some(minimum), _) if minimum > i64::MIN => grouped(minimum - 1),
            (_, Some(maximum)) if maximum < i64::MAX => grouped(maximum + 1),
            _ => literal("many"),
        },
        FieldType::Decimal => literal("much"),
        FieldType::Boolean => literal("maybe"),
        FieldType::Uuid => literal("no such id"),
        FieldType::Date | FieldType::Datetime => literal("soon"),
        FieldType::Enum => literal("no such value"),
        FieldType::Json => return None,
    })
}
