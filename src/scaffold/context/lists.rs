//! What templates need to filter and sort the list of an entity. Entities without such fields have none of it.

use std::collections::BTreeSet;

use heck::ToPascalCase;
use serde_json::{Value, json};

use super::samples::{plain, sample, unquoted};
use crate::project::FieldName;
use crate::project::entity::{Entity, Field, FieldType};

/// The parameters that lists have already.
const PARAMETERS: [&str; 3] = ["limit", "cursor", "sort"];

/// Why a field that filters or sorts can't be generated.
pub(super) fn obstacle(name: &FieldName, field: &Field) -> Option<String> {
    if field.filter && PARAMETERS.contains(&name.as_str()) {
        return Some("a list can't be filtered by it: it has a parameter of that name already".to_owned());
    }
    (field.sort && field.optional)
        .then(|| "a list can't be sorted by it: where it is missing, an entry has no place in the order".to_owned())
}

/// `fields` are the contexts of the entity's fields.
pub(super) fn context(pascal: &str, integer_id: bool, entity: &Entity, fields: &[Value]) -> Value {
    let declared = || entity.fields.values().zip(fields);
    let filtered: Vec<_> = declared().filter(|(field, _)| field.filter).collect();
    let sorted: Vec<_> = declared().filter(|(field, _)| field.sort).collect();
    if filtered.is_empty() && sorted.is_empty() {
        return Value::Null;
    }
    let used = || filtered.iter().chain(&sorted);
    let has = |kind: FieldType| used().any(|(field, _)| field.kind == kind);
    let is_sorted = !sorted.is_empty();
    // What the module of the query takes from that of the model.
    let enums = used().filter(|(field, _)| field.kind == FieldType::Enum).filter_map(|(_, c)| c["base"].as_str());
    let model: BTreeSet<&str> = enums.chain([pascal]).collect();
    let created = json!({ "name": "created_at", "identifier": "created_at", "base": "Timestamp" });
    let sorts = sorted.iter().map(|(field, context)| sort(Some(field), context));
    let sorts: Vec<Value> = sorts.chain(is_sorted.then(|| sort(None, &created))).collect();
    json!({
        "filters": filtered.iter().map(|(field, context)| filter(field, context)).collect::<Vec<_>>(),
        "sorts": sorts,
        "model": model,
        "uses": {
            "decimal": has(FieldType::Decimal),
            "date": has(FieldType::Date),
            "timestamp": is_sorted || has(FieldType::Datetime),
            "uuid": has(FieldType::Uuid) || !integer_id,
        },
    })
}

fn is_text(field: &Field) -> bool {
    field.kind == FieldType::String
}

fn filter(field: &Field, context: &Value) -> Value {
    let identifier = context["identifier"].as_str().unwrap_or_default();
    let mut filter = context.clone();
    filter["inline"] = (field.kind == FieldType::Enum).into();
    filter["argument"] = format!("self.{identifier}{}", if is_text(field) { ".as_deref()" } else { "" }).into();
    filter
}

/// `field` is none for the moment of creation.
fn sort(field: Option<&Field>, context: &Value) -> Value {
    let (name, identifier) = (context["name"].as_str(), context["identifier"].as_str());
    let (name, identifier) = (name.unwrap_or_default(), identifier.unwrap_or_default());
    let is_text = field.is_some_and(is_text);
    json!({
        "name": name,
        "variant": name.to_pascal_case(),
        "identifier": identifier,
        "rust": context["base"],
        "of_entry": format!("entry.{identifier}{}", if is_text { ".clone()" } else { "" }),
        "of_last": format!("{}last.{identifier}", if is_text { "&" } else { "" }),
    })
}

/// Data for the tests of lists: what filters keep and what they leave out, and values in their order.
pub(super) fn tests(entity: &Entity) -> Value {
    // What a reference refers to is only known when a test runs.
    let fields = || entity.fields.iter().filter(|(_, field)| field.target().is_none());
    let filters: Vec<Value> = fields()
        .filter(|(name, field)| field.filter && sample(name, field, 0) != sample(name, field, 1))
        .map(|(name, field)| {
            let kept = encoded(&unquoted(&plain(name, field)));
            json!({ "name": name.as_str(), "kept": kept, "other": sample(name, field, 1), "unique": field.unique })
        })
        .collect();
    let is_unique = entity.fields.values().any(|field| field.unique);
    let sorts: Vec<Value> = fields()
        .filter(|(_, field)| field.sort)
        .map(|(name, field)| json!({ "name": name.as_str(), "values": in_order(name, field, !is_unique).join(", ") }))
        .collect();
    // Values of unique fields differ by themselves.
    let changed = filters.iter().any(|filter| filter["unique"] == false);
    json!({ "filters": filters, "changed": changed, "sorts": sorts })
}

/// Up to three different values, smallest first; each of them twice where nothing forbids it.
pub(super) fn in_order(name: &FieldName, field: &Field, twice: bool) -> Vec<String> {
    let mut values: Vec<String> = (0..3).map(|seed| sample(name, field, seed)).collect();
    values.sort_by(|a, b| {
        let number = |text: &str| unquoted(text).replace('_', "").parse::<f64>().unwrap_or_default();
        match field.kind {
            FieldType::Integer | FieldType::Decimal => number(a).total_cmp(&number(b)),
            _ => a.cmp(b),
        }
    });
    values.dedup();
    values.into_iter().flat_map(|value| std::iter::repeat_n(value, if twice { 2 } else { 1 })).collect()
}

/// As the value of a parameter in an address.
fn encoded(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~:".contains(&byte);
    text.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}
