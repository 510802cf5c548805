//! The Rust between messages and the model: how each field is read, which rules it is held to, and how it is sent.

use serde_json::{Number, Value, json};

use super::is_optional;
use crate::project::entity::{Entity, Field, FieldType, Format};
use crate::scaffold::context::defaults::{default_value, grouped, literal, units};
use crate::scaffold::context::rules::{lengths, whole};

pub(super) fn context(entity: &Entity, context: &Value, module: &str) -> Value {
    let contexts = context["fields"].as_array().into_iter().flatten();
    let fields: Vec<(&str, &Field, &Value)> =
        entity.fields.iter().zip(contexts).map(|((name, field), c)| (name.as_str(), &**field, c)).collect();
    let lines = |line: &dyn Fn(&str, &Field, &Value) -> String| -> Vec<String> {
        fields.iter().map(|(name, field, context)| line(name, field, context)).collect()
    };
    let has = |kind: FieldType| entity.fields.values().any(|field| field.kind == kind);
    let defaulted = |kind: FieldType| entity.fields.values().any(|f| f.kind == kind && f.default.is_some());
    let bounded = |f: &Field| f.kind == FieldType::Decimal && (f.minimum.is_some() || f.maximum.is_some());
    let decimal = defaulted(FieldType::Decimal) || entity.fields.values().any(|field| bounded(field));
    let pascal = context["pascal"].as_str().unwrap_or_default();
    let enums = fields.iter().filter(|(_, field, _)| field.kind == FieldType::Enum);
    let enums = enums.filter_map(|(_, _, context)| context["base"].as_str()).map(str::to_owned);
    let mut model: Vec<String> = enums.chain([pascal.to_owned(), format!("{pascal}Input")]).collect();
    model.sort_unstable();
    let filters = fields.iter().filter(|(_, field, _)| field.filter);
    let reads = lines(&|name, field, context| read(name, field, context));
    let rules: Vec<String> = fields.iter().flat_map(|(name, field, context)| rules(name, field, context)).collect();
    json!({
        // Whether anything can be wrong with a message at all.
        "checked": !rules.is_empty() || reads.iter().any(|line| line.contains("check.")),
        "reads": reads,
        "rules": rules,
        "writes": lines(&|_, field, context| write(field, context)),
        "filters": filters.map(|(name, field, context)| filter(name, field, context)).collect::<Vec<_>>(),
        "imports": format!("{{{}}}", model.join(", ")),
        "enums": has(FieldType::Enum),
        "decimal": decimal,
        "uuid_default": defaulted(FieldType::Uuid),
        "module": module,
    })
}

fn identifier(context: &Value) -> &str {
    context["identifier"].as_str().unwrap_or_default()
}

/// Whole numbers and truth values are the same in messages.
fn is_plain(field: &Field) -> bool {
    matches!(field.kind, FieldType::Integer | FieldType::Boolean)
}

/// `total: check.required("total", sent.total)`
fn read(name: &str, field: &Field, context: &Value) -> String {
    let (own, base) = (identifier(context), context["base"].as_str().unwrap_or_default());
    let default = default_value(field, base);
    let value = match (is_plain(field), default) {
        (true, None) => format!("sent.{own}"),
        (true, Some(default)) if field.optional => format!("sent.{own}.or(Some({default}))"),
        (true, Some(default)) => format!("sent.{own}.unwrap_or({default})"),
        (false, None) if field.optional => format!("check.optional(\"{name}\", sent.{own})"),
        (false, None) => format!("check.required(\"{name}\", sent.{own})"),
        (false, Some(default)) if field.optional => format!("Some(check.or(\"{name}\", sent.{own}, {default}))"),
        (false, Some(default)) => format!("check.or(\"{name}\", sent.{own}, {default})"),
    };
    format!("{own}: {value},")
}

/// `check.length("item", input.item.as_str(), 1..=120);`
fn rules(name: &str, field: &Field, context: &Value) -> Vec<String> {
    let own = identifier(context);
    let text = format!("input.{own}.{}", if field.optional { "as_deref()" } else { "as_str()" });
    let mut rules = Vec::new();
    let mut rule = |kind: &str, rest: String| rules.push(format!("check.{kind}(\"{name}\", {rest});"));
    match field.kind {
        FieldType::String | FieldType::Text => {
            let (low, high) = lengths(field);
            let low = low.filter(|low| *low > 0).map(|low| grouped(low.into()));
            if let Some(range) = range(low, high.map(|high| grouped(high.into()))) {
                rule("length", format!("{text}, {range}"));
            }
            if let Some(pattern) = &field.pattern {
                rule("pattern", format!("{text}, {}", literal(&whole(pattern))));
            }
            match field.format {
                Some(Format::Email) => rule("email", text),
                Some(Format::Uri) => rule("uri", text),
                None => {}
            }
        }
        FieldType::Integer | FieldType::Decimal => {
            let bound = |number: &Option<Number>| bound(field, number.as_ref()?);
            if let Some(range) = range(bound(&field.minimum), bound(&field.maximum)) {
                rule("range", format!("input.{own}, {range}"));
            }
        }
        _ => {}
    }
    rules
}

fn bound(field: &Field, number: &Number) -> Option<String> {
    if field.kind == FieldType::Integer {
        return number.as_i64().map(grouped);
    }
    let units = units(&number.to_string(), field.precision().1)?;
    Some(format!("Decimal::from_units({})", grouped(units)))
}

fn range(low: Option<String>, high: Option<String>) -> Option<String> {
    match (low, high) {
        (None, None) => None,
        (low, None) => low.map(|low| format!("{low}..")),
        (low, Some(high)) => Some(format!("{}..={high}", low.unwrap_or_default())),
    }
}

/// `total: stored.total.to_string()`
fn write(field: &Field, context: &Value) -> String {
    let (own, base) = (identifier(context), context["base"].as_str().unwrap_or_default());
    let function = match field.kind {
        FieldType::String | FieldType::Text | FieldType::Integer | FieldType::Boolean => None,
        FieldType::Decimal | FieldType::Uuid | FieldType::Date => {
            Some(("to_string()".to_owned(), "|value| value.to_string()".to_owned()))
        }
        FieldType::Datetime => Some(("into()".to_owned(), "Into::into".to_owned())),
        FieldType::Json => Some((String::new(), "chassis::json::to_message".to_owned())),
        FieldType::Enum => Some(("number()".to_owned(), format!("{base}::number"))),
    };
    let always_there = matches!(field.kind, FieldType::Datetime | FieldType::Json) || is_optional(field);
    let value = match (function, field.optional) {
        (Some((_, each)), true) => chain(own, &format!("map({each})")),
        (Some((one, each)), false) if one.is_empty() => format!("Some({each}(stored.{own}))"),
        (Some((one, _)), false) if always_there => format!("Some(stored.{own}.{one})"),
        (Some((one, _)), false) => chain(own, &one),
        (None, false) if always_there => format!("Some(stored.{own})"),
        (None, _) => format!("stored.{own}"),
    };
    format!("{own}: {value},")
}

/// rustfmt breaks chains that are longer than 60 characters.
fn chain(own: &str, call: &str) -> String {
    let line = format!("stored.{own}.{call}");
    let indent = " ".repeat(16);
    let fits = line.chars().count() <= 60 && 12 + own.chars().count() + 3 + line.chars().count() <= 100;
    if fits { line } else { format!("stored\n{indent}.{own}\n{indent}.{call}") }
}

/// `status: check.optional("status", sent.status)`, in the query of a list.
fn filter(name: &str, field: &Field, context: &Value) -> String {
    let own = identifier(context);
    let value = if is_plain(field) { format!("sent.{own}") } else { format!("check.optional(\"{name}\", sent.{own})") };
    format!("{own}: {value},")
}
