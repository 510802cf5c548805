//! An entity as templates see it.

use heck::ToSnakeCase;
use serde_json::{Value, json};

use super::field::{self, Scope};
use super::{defaults, names, samples, sql};
use crate::project::entity::{Entity, FieldType, HttpPath, IdType};

/// `types` are the type names of all of the service's entities.
pub(super) fn context(name: &str, entity: &Entity, types: &[String]) -> Value {
    let title = names::title(name);
    let titles = names::plural(&title);
    let snake = name.to_snake_case();
    let table = names::plural(&snake);
    let pascal = names::type_name(name);
    let path =
        entity.path.as_ref().map_or_else(|| format!("/{}", names::plural(name)), |p| HttpPath::as_str(p).to_owned());
    let item = path.trim_end_matches('/').to_owned();
    let integer_id = entity.id == Some(IdType::Integer);
    let scope = Scope { entity: &title, pascal: &pascal, types };
    let fields: Vec<Value> =
        entity.fields.iter().map(|(name, field)| field::context(name.as_str(), field, &scope)).collect();
    json!({
        "name": name,
        "snake": snake,
        "module": names::module(name),
        "pascal": pascal,
        "table": table,
        "titles": titles,
        "Titles": names::sentence(&titles),
        "an": names::with_article(&title),
        "An": names::sentence(&names::with_article(&title)),
        "an_snake": names::with_article(&title).to_snake_case(),
        "title": title,
        "path": path,
        "item_path": format!("{item}/{{id}}"),
        "item_prefix": item,
        "id": { "integer": integer_id, "rust": if integer_id { "i64" } else { "Uuid" } },
        "uses": uses(entity, integer_id),
        "sql": sql::context(&table, integer_id, entity),
        "tests": samples::context(entity),
        "fields": fields,
    })
}

fn uses(entity: &Entity, integer_id: bool) -> Value {
    let kind = |kind: FieldType| entity.fields.values().any(|field| field.kind == kind);
    json!({
        "decimal": kind(FieldType::Decimal),
        "date": kind(FieldType::Date),
        "json": kind(FieldType::Json),
        "uuid": !integer_id || kind(FieldType::Uuid),
        "schema_function": entity.fields.values().any(|field| defaults::needs_schema_function(field)),
        "unique": entity.fields.values().any(|field| field.unique),
    })
}
