//! Events as templates see them: their types, and for those of an entity how they are made from it.

use std::collections::{BTreeMap, BTreeSet};

use heck::{ToPascalCase, ToSnakeCase};
use serde_json::{Value, json};

use super::{field, names};
use crate::error::{Error, Result};
use crate::project::Service;
use crate::project::entity::{Entity, Field, FieldType, IdType};
use crate::project::event::{Event, EventName, EventType};

/// What happens to entities without anybody's code.
const ACTIONS: [&str; 3] = ["created", "updated", "deleted"];

/// All events of a service with an outbox, what their file imports, and the crates that they need.
///
/// # Errors
/// An event of an entity whose data the entity does not have (exit code 2).
pub(super) fn context(service: &Service, types: &[String]) -> Result<Value> {
    let declared = service.publishes.iter().filter(|_| service.has_outbox());
    let mut events = Vec::new();
    for (name, event) in declared {
        events.push(one(service, types, name.as_str(), event)?);
    }
    unique(&events)?;
    let rust: Vec<&str> = events.iter().flat_map(|event| strings_of(&event["fields"], "rust")).collect();
    let uses = |kind: &str| rust.iter().any(|rust| rust.split(['<', '>', ',', ' ']).any(|word| word == kind));
    let chassis: Vec<&str> = ["Decimal", "Timestamp"].into_iter().filter(|kind| uses(kind)).chain(["outbox"]).collect();
    Ok(json!({
        "chassis": names::imported(&chassis),
        "imports": imports(&events),
        "uses": { "date": uses("NaiveDate"), "json": uses("Value"), "uuid": uses("Uuid") },
        "all": events,
    }))
}

/// What the code of one entity needs of the events: for each action the type, if it is told.
pub(super) fn of_entity(service: &Service, name: &str) -> Value {
    let told = ACTIONS.map(|action| {
        let event = format!("{name}.{action}");
        let told = service.has_outbox() && service.publishes.keys().any(|published| published.as_str() == event);
        told.then(|| event.to_pascal_case())
    });
    let mut types: Vec<&str> = told.iter().flatten().map(String::as_str).collect();
    types.sort_unstable();
    let [created, updated, deleted] = &told;
    json!({ "created": created, "updated": updated, "deleted": deleted, "imports": names::imported(&types) })
}

/// The struct literals that rustfmt leaves on one line.
const LITERAL_WIDTH: usize = 18;

/// The members of a struct literal.
fn literal(members: &[String]) -> String {
    let line = members.join(", ");
    if line.len() <= LITERAL_WIDTH {
        return format!("{{ {line} }}");
    }
    format!("{{\n            {},\n        }}", members.join(",\n            "))
}

/// The arrays of strings that rustfmt leaves on one line.
const ARRAY_WIDTH: usize = 60;

/// The events that a service handles: each with the name of its function, and their types as an array of Rust.
pub(super) fn subscribed(service: &Service) -> Value {
    let names: Vec<&str> = service.subscribes.iter().map(EventName::as_str).collect();
    let literals: Vec<String> = names.iter().map(|name| format!("\"{name}\"")).collect();
    let line = literals.join(", ");
    let types = if line.len() <= ARRAY_WIDTH {
        format!("[{line}]")
    } else {
        format!("[\n        {},\n    ]", literals.join(",\n        "))
    };
    let all = names.iter().map(|name| json!({ "type": name, "function": names::identifier(&name.to_snake_case()) }));
    json!({ "types": types, "all": all.collect::<Vec<_>>() })
}

fn one(service: &Service, types: &[String], name: &str, event: &Event) -> Result<Value> {
    let entity = name.split_once('.').filter(|(_, action)| ACTIONS.contains(action));
    let entity = entity.and_then(|(entity, _)| {
        let mut entities = service.entities.iter();
        entities.find(|(known, _)| known.as_str() == entity)
    });
    let Some((entity_name, entity)) = entity else {
        let fields = event.schema.iter().map(|(name, declared)| {
            let rust = field::plain_type(declared.kind);
            json!({ "identifier": names::identifier(name.as_str()), "rust": optional(rust, *declared) })
        });
        return Ok(described(name, event, &fields.collect::<Vec<_>>(), &Value::Null));
    };
    let pascal = names::type_name(entity_name.as_str());
    let variable = names::identifier(&entity_name.as_str().to_snake_case());
    let title = names::title(entity_name.as_str());
    let scope = field::Scope { entity: &title, pascal: &pascal, types };
    let mut fields = Vec::new();
    let (mut members, mut enums) = (Vec::new(), Vec::new());
    for (member, declared) in &event.schema {
        let member = member.as_str();
        let rust = member_type(entity, member, *declared, &scope).map_err(|why| {
            Error::usage(format!("event `{name}` can't be generated")).cause(format!("`{member}`: {why}")).hint(
                format!(
                    "it is made from the fields of {}; an event of another name is yours to write",
                    names::with_article(scope.entity)
                ),
            )
        })?;
        let is_enum = entity.fields.iter().any(|(field, f)| field.as_str() == member && f.kind == FieldType::Enum);
        enums.extend(is_enum.then(|| rust.trim_start_matches("Option<").trim_end_matches('>').to_owned()));
        let copied = !matches!(declared.kind, FieldType::String | FieldType::Text | FieldType::Json) || is_enum;
        let identifier = names::identifier(member);
        let value = format!("{variable}.{identifier}{}", if copied { "" } else { ".clone()" });
        members.push(format!("{identifier}: {value}"));
        fields.push(json!({ "identifier": identifier, "rust": rust }));
    }
    enums.push(pascal.clone());
    let entity = json!({
        "module": names::module(entity_name.as_str()), "pascal": pascal, "variable": variable, "types": enums,
        "members": literal(&members),
    });
    Ok(described(name, event, &fields, &entity))
}

fn described(name: &str, event: &Event, fields: &[Value], entity: &Value) -> Value {
    let mut members = event.schema.iter();
    let id = members.find(|(member, declared)| member.as_str() == "id" || declared.kind == FieldType::Uuid);
    let subject = id.map(|(member, declared)| {
        let value = format!("self.{}", names::identifier(member.as_str()));
        if declared.optional {
            format!("{value}.map(|id| id.to_string())")
        } else {
            format!("Some({value}.to_string())")
        }
    });
    json!({
        "type": name,
        "pascal": name.to_pascal_case(),
        "fields": fields,
        "subject": subject.unwrap_or_else(|| "None".to_owned()),
        "entity": entity,
    })
}

/// The Rust type of an entity's member, which the event must declare as it is.
fn member_type(entity: &Entity, member: &str, declared: EventType, scope: &field::Scope) -> Result<String, String> {
    let integer_id = entity.id == Some(IdType::Integer);
    let id = Field::new(if integer_id { FieldType::Integer } else { FieldType::Uuid });
    let moment = Field::new(FieldType::Datetime);
    let known = match member {
        "id" => &id,
        "created_at" | "updated_at" => &moment,
        _ => match entity.fields.iter().find(|(name, _)| name.as_str() == member) {
            Some((_, field)) => field,
            None => return Err(format!("{} has no such field", names::with_article(scope.entity))),
        },
    };
    let kind = if known.kind == FieldType::Enum { FieldType::String } else { known.kind };
    let wanted = EventType { kind, optional: known.optional };
    if wanted == declared {
        Ok(optional(field::rust_type(member, known, scope), declared))
    } else {
        Err(format!("it is of type `{}`", String::from(wanted)))
    }
}

fn optional(rust: String, declared: EventType) -> String {
    if declared.optional { format!("Option<{rust}>") } else { rust }
}

fn unique(events: &[Value]) -> Result<()> {
    for (index, one) in events.iter().enumerate() {
        if let Some(other) = events[..index].iter().find(|other| other["pascal"] == one["pascal"]) {
            return Err(Error::usage(format!("there can't be both events {} and {}", other["type"], one["type"]))
                .cause(format!("both would have the type {}", one["pascal"])));
        }
    }
    Ok(())
}

/// What the events of each entity take from its model.
fn imports(events: &[Value]) -> Vec<String> {
    let mut types: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for entity in events.iter().map(|event| &event["entity"]) {
        let Some(module) = entity["module"].as_str() else { continue };
        let named = entity["types"].as_array().into_iter().flatten().filter_map(Value::as_str);
        types.entry(module).or_default().extend(named);
    }
    let line = |(module, types): (_, BTreeSet<&str>)| {
        let types: Vec<&str> = types.into_iter().collect();
        ["crate", module, "model", &names::imported(&types)].join("::")
    };
    types.into_iter().map(line).collect()
}

fn strings_of<'a>(values: &'a Value, key: &'a str) -> impl Iterator<Item = &'a str> {
    values.as_array().into_iter().flatten().filter_map(move |value| value[key].as_str())
}
