//! An entity as templates see it.

use heck::ToSnakeCase;
use serde_json::{Value, json};

use super::{defaults, elsewhere, events, field, lists, names, references, samples, sql};
use crate::project::Service;
use crate::project::entity::{Entity, FieldType, HttpPath, IdType};
use crate::scaffold::peers::Peers;

/// Where an entity stands.
pub(super) struct Scope<'a> {
    /// The type names of all entities of the service.
    pub(super) types: &'a [String],
    /// The service.
    pub(super) service: &'a Service,
    /// Those that it may call by generated clients, if it can.
    pub(super) peers: Option<&'a Peers>,
}

pub(super) fn context(name: &str, entity: &Entity, scope: &Scope) -> Value {
    let title = names::title(name);
    let titles = names::plural(&title);
    let snake = name.to_snake_case();
    let table = sql::table(name);
    let pascal = names::type_name(name);
    let path =
        entity.path.as_ref().map_or_else(|| format!("/{}", names::plural(name)), |p| HttpPath::as_str(p).to_owned());
    let item = path.trim_end_matches('/').to_owned();
    let integer_id = entity.id == Some(IdType::Integer);
    let place = field::Scope { entity: &title, pascal: &pascal, types: scope.types };
    let fields: Vec<Value> =
        entity.fields.iter().map(|(name, field)| field::context(name.as_str(), field, &place)).collect();
    let references = references::context(name, entity, &fields);
    let checks = elsewhere::context(entity, &fields, scope);
    let needed: Vec<&Value> = references.iter().filter(|reference| reference["needed"] == true).collect();
    let events = events::of_entity(scope.service, name);
    let is_target = references::is_target(name, scope);
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
        "uses": uses(entity, integer_id, &references, &checks),
        "sql": sql::context(&table, integer_id, entity),
        "store": store(&events, !references.is_empty(), scope.service.speaks_grpc()),
        "events": events,
        "list": lists::context(&pascal, integer_id, entity, &fields),
        "references": references,
        "check_imports": elsewhere::imports(&checks),
        "checks": checks,
        "needed": needed,
        "is_target": is_target,
        "needs_answer": is_target || !needed.is_empty(),
        "tests": samples::context(entity),
        "fields": fields,
    })
}

/// What the file of SQL imports.
fn store(events: &Value, references: bool, grpc: bool) -> Value {
    let told = ["created", "updated", "deleted"].map(|action| !events[action].is_null());
    let any = told.contains(&true);
    let all = [
        ("Database", true),
        ("Timestamp", true),
        ("Transaction", !grpc),
        ("Version", true),
        ("outbox", any),
        ("read", true),
        ("within", !grpc),
        ("write", grpc || !(told[1] && told[2])),
    ];
    let chassis: Vec<&str> = all.iter().filter(|(_, needed)| *needed).map(|(name, _)| *name).collect();
    let scalar = references || !told[2];
    json!({
        "chassis": names::imported(&chassis),
        "sqlx": if scalar { "{query_as, query_scalar}" } else { "query_as" },
    })
}

fn uses(entity: &Entity, integer_id: bool, references: &[Value], checks: &[Value]) -> Value {
    let asks = |by_grpc: bool| checks.iter().any(|check| check["grpc"] == by_grpc);
    let kind = |kind: FieldType| entity.fields.values().any(|field| field.kind == kind);
    json!({
        "decimal": kind(FieldType::Decimal),
        "date": kind(FieldType::Date),
        "json": kind(FieldType::Json),
        "uuid": !integer_id || kind(FieldType::Uuid),
        "schema_function": entity.fields.values().any(|field| defaults::needs_schema_function(field)),
        "sorted_enum": entity.fields.values().any(|field| field.sort && field.kind == FieldType::Enum),
        "references": !references.is_empty(),
        "checks": !checks.is_empty(),
        "http_checks": asks(false),
        "rpc_checks": asks(true),
    })
}
