//! What templates see of a project: its declaration, with names in all cases and the types, SQL, tests and API
//! document that follow from it. What needs a decision is decided here; templates only put things into place.

mod collisions;
mod defaults;
pub mod elsewhere;
mod entity;
mod events;
mod field;
mod lists;
pub mod migrations;
mod names;
mod openapi;
mod pattern;
pub mod proto;
mod references;
mod rules;
mod samples;
mod sql;

#[cfg(test)]
mod tests;

use heck::{ToPascalCase, ToSnakeCase, ToTitleCase};
use serde_json::{Map, Value, json};

use crate::error::{Error, Result};
use crate::project::Service;
use crate::project::entity::{Field, FieldType};
use crate::project::event::EventName;
use crate::project::name::DnsLabel;
use crate::scaffold::peers::Peers;

/// The context of every file but msvc.yaml; `peers` are the services that it may call by generated clients, if it can.
///
/// # Errors
/// Something declared that templates can't express (exit code 2).
pub fn of(service: &Service, peers: Option<&Peers>) -> Result<Value> {
    let name = service.name.as_str();
    let pascals: Vec<String> = service.entities.keys().map(|entity| names::type_name(entity.as_str())).collect();
    let scope = entity::Scope { types: &pascals, service, peers };
    check(&scope)?;
    let events = events::context(service, &pascals)?;
    let entities: Vec<Value> =
        service.entities.iter().map(|(name, entity)| entity::context(name.as_str(), entity, &scope)).collect();
    let description = description(service);
    let mut context = json!({
        "name": name,
        "names": {
            "kebab": name, "snake": name.to_snake_case(), "pascal": name.to_pascal_case(), "title": name.to_title_case(),
        },
        "description": description,
        "description_literal": defaults::literal(&description),
        "description_json": Value::from(description.as_str()).to_string(),
        "sentence": if description.ends_with('.') { description.clone() } else { format!("{description}.") },
        "port": service.port.number(),
        "environment": service.environments.keys().next().map_or("staging", |name| name.as_str()),
        "uses": uses(&entities, &events["uses"]),
        "clients": peers.map_or_else(|| json!([]), |peers| peers.context(service)),
        "events": events,
        "subscribes": events::subscribed(service),
    });
    collisions::check(&entities, service.has_accounts(), service.hears_events())?;
    let asks =
        |entity: &Value| entity["uses"]["checks"] == true && entity["needed"].as_array().is_none_or(Vec::is_empty);
    context["uses"]["nobody"] = (context["uses"]["checks"] == false || entities.iter().any(asks)).into();
    let hears = service.hears_events();
    let starts = service.template.options.get("start") == Some(&Value::Bool(true));
    context["modules"] = names::modules(&entities, &[]).into();
    context["source_modules"] =
        names::modules(&entities, &[("events", service.has_outbox()), ("handler", hears), ("start", starts)]).into();
    context["openapi"] = openapi::document(&context, &entities, service).into();
    context["entities"] = entities.into();
    Ok(context)
}

/// What a service says of itself, or else what can be said of it.
#[must_use]
pub fn description(service: &Service) -> String {
    service.description.clone().unwrap_or_else(|| described(service))
}

/// A description for those who gave none. It names the first entity only: it would be changed by each that is added,
/// and users like to write their own.
fn described(service: &Service) -> String {
    if service.entities.is_empty() && !service.subscribes.is_empty() {
        let events: Vec<&str> = service.subscribes.iter().map(EventName::as_str).collect();
        return format!("Handles {}", events.join(" and "));
    }
    let first = service.entities.keys().next().map(|name| names::plural(&names::title(name.as_str())));
    let protocol = if service.speaks_grpc() { "gRPC" } else { "HTTP" };
    format!("{} over {protocol}", names::sentence(first.as_deref().unwrap_or("a service")))
}

/// Whether the API is called by gRPC.
#[must_use]
pub fn is_grpc(options: &Map<String, Value>) -> bool {
    options.get("api").and_then(Value::as_str) == Some("grpc")
}

/// The services that it uses, each with the variable that holds its address, where it is looked for locally, and
/// whether it is called by gRPC.
#[must_use]
pub fn services(service: &Service, options: &Map<String, Value>) -> Vec<Value> {
    let by_grpc = options.get("grpc").and_then(Value::as_array);
    let is_grpc = |name: &DnsLabel| by_grpc.is_some_and(|names| names.iter().any(|other| other == name.as_str()));
    let used = service.uses.iter().zip(8080_u16..);
    used.map(
        |(name, port)| json!({ "name": name, "variable": name.url_variable(), "port": port, "grpc": is_grpc(name) }),
    )
    .collect()
}

/// What some entity needs, and with it the crates that the service depends on.
fn uses(entities: &[Value], events: &Value) -> Value {
    let any = |what: &str| events[what] == true || entities.iter().any(|entity| entity["uses"][what] == true);
    let all = ["checks", "date", "http_checks", "json", "references", "rpc_checks", "uuid"]
        .map(|what| (what.to_owned(), any(what).into()));
    let serde = entities.iter().any(|entity| entity["list"]["sorts"].as_array().is_some_and(|sorts| !sorts.is_empty()));
    Value::Object(all.into_iter().chain([("serde".to_owned(), serde.into())]).collect())
}

/// What the project's schema allows and generated code can't express.
fn check(scope: &entity::Scope) -> Result<()> {
    for (entity, declared) in &scope.service.entities {
        for (name, field) in &declared.fields {
            let why = lists::obstacle(name, field).or_else(|| obstacle(field));
            if let Some(why) = why.or_else(|| elsewhere::obstacle(field, scope)) {
                return Err(Error::usage(format!("field `{name}` of `{entity}` can't be generated")).cause(why));
            }
        }
    }
    Ok(())
}

fn obstacle(field: &Field) -> Option<String> {
    if let Some(pattern) = &field.pattern {
        // Generated services use a small regex engine that knows no Unicode classes.
        if ["\\p", "\\P"].iter().any(|class| pattern.contains(class)) {
            return Some(format!(
                "its pattern {pattern} holds a Unicode class; write the letters out, such as [A-Za-z]"
            ));
        }
    }
    let text = field.default.as_ref()?.as_str()?;
    let fits = match field.kind {
        FieldType::Uuid => text.len() == 36 && text.chars().all(|c| c.is_ascii_hexdigit() || c == '-'),
        FieldType::Date => text.parse::<jiff::civil::Date>().is_ok(),
        FieldType::Datetime => text.parse::<jiff::Timestamp>().is_ok(),
        _ => true,
    };
    (!fits).then(|| format!("its default {text:?} is not of type {}", field.kind.name()))
}
