//! The contract of a service that is called by gRPC: one `.proto` file for each entity, and the Rust that goes between
//! its messages and the model.
//!
//! Clients have compiled the numbers of fields in, so these are never given to anything else: see [`numbers`].

mod committed;
mod numbers;
mod rust;
mod samples;
#[cfg(test)]
mod tests;
mod words;

use heck::{ToPascalCase, ToShoutySnakeCase, ToSnakeCase};
use serde_json::{Value, json};

pub use self::committed::Committed;
use self::numbers::Wanted;
use super::names;
use crate::error::{Error, Result};
use crate::project::entity::{Entity, Field, FieldType, IdType};
use crate::project::{FieldName, Service};

/// The first number of a declared field; those below are the same for every record, and for every list.
const FIRST: i32 = 10;

/// Fields that every record, or every list, has anyway.
const OWN: [&str; 1] = ["etag"];
const OWN_OF_LISTS: [&str; 3] = ["page_size", "page_token", "order_by"];

/// Adds to the context of each entity what its `.proto` file holds.
///
/// # Errors
/// Something declared that a message can't express, or a committed `.proto` file that can't be read (exit code 2).
pub fn extend(context: &mut Value, service: &Service, committed: &Committed) -> Result<()> {
    let package = format!("{}.v1", service.name.as_str().to_snake_case());
    context["proto"] = json!({ "package": package, "folder": format!("proto/{}", package.replace('.', "/")) });
    let Some(contexts) = context["entities"].as_array_mut() else { return Ok(()) };
    let is_integer =
        |entity: &str| service.entities.iter().any(|(n, e)| n.as_str() == entity && e.id == Some(IdType::Integer));
    let mut taken = Vec::new();
    for (context, (name, entity)) in contexts.iter_mut().zip(&service.entities) {
        for (field, declared) in &entity.fields {
            if let Some(why) = obstacle(field.as_str(), declared) {
                return Err(Error::usage(format!("field `{field}` of `{name}` can't be generated")).cause(why));
            }
        }
        let names = Names::of(name.as_str(), context["pascal"].as_str().unwrap_or_default());
        names.check(&mut taken)?;
        let mut proto = entity_context(&names, entity, context, committed, &is_integer)?;
        proto["package"] = package.as_str().into();
        context["proto"] = proto;
    }
    context["uses"]["moments"] = contexts_use(context, "moments").into();
    Ok(())
}

fn contexts_use(context: &Value, what: &str) -> bool {
    context["entities"].as_array().is_some_and(|all| all.iter().any(|entity| entity["proto"]["tests"][what] == true))
}

fn obstacle(name: &str, field: &Field) -> Option<String> {
    if OWN.contains(&name) {
        return Some("every message has a field of that name already".to_owned());
    }
    (field.filter && OWN_OF_LISTS.contains(&name))
        .then(|| "a list can't be filtered by it: it has a field of that name already".to_owned())
}

/// What the messages and methods of an entity are called.
struct Names {
    message: String,
    messages: String,
    service: String,
}

impl Names {
    fn of(entity: &str, pascal: &str) -> Self {
        let messages = camel(&names::plural(entity));
        let messages = if pascal == entity.to_pascal_case() { messages } else { names::plural(pascal) };
        let message = camel(pascal);
        Self { messages, service: format!("{message}Service"), message }
    }

    /// Messages of a package share one space of names.
    fn check(&self, taken: &mut Vec<String>) -> Result<()> {
        let requests = ["Create", "Get", "Update", "Delete"].map(|verb| format!("{verb}{}Request", self.message));
        let lists = ["Request", "Response"].map(|end| format!("List{}{end}", self.messages));
        for name in [self.message.clone(), self.service.clone()].into_iter().chain(requests).chain(lists) {
            if taken.contains(&name) {
                return Err(Error::usage(format!("there can't be two messages or services called `{name}`"))
                    .cause("two entities come to the same name")
                    .hint("choose another name for one of them"));
            }
            taken.push(name);
        }
        Ok(())
    }
}

fn entity_context(
    names: &Names,
    entity: &Entity,
    context: &Value,
    committed: &Committed,
    is_integer: &dyn Fn(&str) -> bool,
) -> Result<Value> {
    let fields = || entity.fields.iter().map(|(name, field)| (name, &**field));
    let wanted: Vec<Wanted> =
        fields().map(|(name, field)| Wanted { name: name.to_string(), kind: kind(name, field) }).collect();
    let numbered = numbers::assign(&committed.message(&names.message), &wanted, FIRST);
    let lines = fields().zip(&wanted).map(|((name, field), wanted)| {
        let label = if is_optional(field) { "optional " } else { "" };
        let number = numbered.number(&wanted.name);
        json!({ "comment": words::comment(name.as_str(), field), "line": format!("{label}{} {name} = {number};", wanted.kind) })
    });
    let lines: Vec<Value> = lines.collect();
    let list = format!("List{}Request", names.messages);
    let mut enums = Vec::new();
    let mut constants = Vec::new();
    for (name, field) in fields().filter(|(_, field)| field.kind == FieldType::Enum) {
        enums.push(enumeration(names, name, field, committed, &mut constants)?);
    }
    let has = |kind: FieldType| entity.fields.values().any(|field| field.kind == kind);
    let module = names.message.to_snake_case();
    Ok(json!({
        "file": format!("{}.proto", context["snake"].as_str().unwrap_or_default()),
        "message": names.message,
        "module": module,
        "field": names.message.to_snake_case(),
        "service": names.service,
        "service_module": names.service.to_snake_case(),
        "messages": names.messages,
        "list_method": format!("list_{}", names.messages.to_snake_case()),
        "entries": names.messages.to_snake_case(),
        "uses": { "json": has(FieldType::Json) },
        "fields": lines,
        "reserved": numbered.reserved(),
        "filters": filters(entity, names, &committed.message(&list)),
        "enums": enums,
        "rust": rust::context(entity, context, &module),
        "tests": samples::context(entity, context, &module, is_integer),
    }))
}

/// As the compiler of `.proto` files names types in Rust, which comes out the same when done again: `a_b` -> `Ab`.
fn camel(name: &str) -> String {
    name.to_pascal_case().to_pascal_case()
}

/// The type of a field in a message.
fn kind(name: &FieldName, field: &Field) -> String {
    match field.kind {
        FieldType::Integer => "int64".to_owned(),
        FieldType::Boolean => "bool".to_owned(),
        FieldType::Datetime => "google.protobuf.Timestamp".to_owned(),
        FieldType::Json => "google.protobuf.Value".to_owned(),
        FieldType::Enum => camel(name.as_str()),
        _ => "string".to_owned(),
    }
}

/// Whether it is told apart from one that is empty. Messages always are, and the zero of an enum means none.
fn is_optional(field: &Field) -> bool {
    let (message, defaulted) = (is_message(field), field.default.is_some() && field.kind != FieldType::Enum);
    !message && (field.optional || defaulted)
}

fn is_message(field: &Field) -> bool {
    matches!(field.kind, FieldType::Datetime | FieldType::Json)
}

/// The fields of a list's request by which it is filtered.
fn filters(entity: &Entity, names: &Names, committed: &committed::Message) -> Value {
    let filtered = || entity.fields.iter().filter(|(_, field)| field.filter);
    let wanted = filtered().map(|(name, field)| {
        let kind = kind(name, field);
        let kind = if field.kind == FieldType::Enum { format!("{}.{kind}", names.message) } else { kind };
        Wanted { name: name.to_string(), kind }
    });
    let wanted: Vec<Wanted> = wanted.collect();
    let numbered = numbers::assign(committed, &wanted, FIRST);
    let lines = filtered().zip(&wanted).map(|((name, field), wanted)| {
        let label = if is_message(field) || field.kind == FieldType::Enum { "" } else { "optional " };
        json!({ "name": name.as_str(), "line": format!("{label}{} {name} = {};", wanted.kind, numbered.number(&wanted.name)) })
    });
    json!({ "fields": lines.collect::<Vec<_>>(), "reserved": numbered.reserved() })
}

fn enumeration(
    names: &Names,
    name: &FieldName,
    field: &Field,
    committed: &Committed,
    constants: &mut Vec<String>,
) -> Result<Value> {
    let own = camel(name.as_str());
    let prefix = own.to_shouty_snake_case();
    let values = field.values.iter().map(|value| format!("{prefix}_{}", value.as_str().to_shouty_snake_case()));
    let unspecified = format!("{prefix}_UNSPECIFIED");
    let all: Vec<String> = std::iter::once(unspecified).chain(values).collect();
    for constant in &all {
        if constants.contains(constant) {
            return Err(Error::usage(format!("field `{name}` can't be generated"))
                .cause(format!("two values of enums of one message would be called `{constant}`")));
        }
        constants.push(constant.clone());
    }
    let wanted: Vec<Wanted> = all[1..].iter().map(|name| Wanted { name: name.clone(), kind: String::new() }).collect();
    let numbered = numbers::assign(&committed.enumeration(&names.message, &own), &wanted, 1);
    let lines = wanted.iter().map(|value| format!("{} = {};", value.name, numbered.number(&value.name)));
    Ok(json!({
        "name": own,
        "unspecified": all[0],
        "description": format!("The {} of {}.", names::title(name.as_str()), names::with_article(&names::title(&names.message))),
        "lines": lines.collect::<Vec<_>>(),
        "reserved": numbered.reserved(),
    }))
}
