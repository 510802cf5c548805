//! From the documents of services to one: paths as the gateway has them, names that do not collide.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::NAME;
use crate::route::Route;

/// Where all that is shared by name lies: schemas, parameters and the like.
const COMPONENTS: &str = "#/components/";

/// What a route that is read-only does not show.
const WRITING: [&str; 4] = ["post", "put", "patch", "delete"];

/// Puts the documents together; a service without one is named, and left out.
pub fn merge(table: &[Route], documents: BTreeMap<&'static str, Option<Value>>) -> Value {
    let mut paths = Map::new();
    let mut components = Map::new();
    let mut missing = Vec::new();
    for (service, document) in documents {
        let Some(mut document) = document else {
            missing.push(service);
            continue;
        };
        name_operations(&mut document, service);
        refer(&mut document, service);
        add_paths(&mut paths, table, service, &document);
        add_components(&mut components, service, document);
    }
    let mut about = env!("CARGO_PKG_DESCRIPTION").to_owned();
    if !missing.is_empty() {
        let names = missing.join(", ");
        about = format!("{about}\n\nNot shown, because they did not answer: {names}.");
    }
    json!({
        "openapi": "3.1.0",
        "info": { "title": NAME, "version": env!("CARGO_PKG_VERSION"), "description": about },
        "paths": paths,
        "components": components,
        "x-unavailable": missing,
    })
}

/// The paths that routes lead to, by the names that they have here.
fn add_paths(paths: &mut Map<String, Value>, table: &[Route], service: &str, document: &Value) {
    let routes = || table.iter().filter(|route| route.service == service);
    for (path, item) in document["paths"].as_object().into_iter().flatten() {
        for route in routes() {
            let Some(rest) = Route::rest(route.at, path) else {
                continue;
            };
            let public = format!("{}{rest}", route.path.trim_end_matches('/'));
            // A longer route may lead the path to another service.
            if led_by(table, &public) == Some(route.path) {
                let mut item = item.clone();
                if let Some(item) = item.as_object_mut().filter(|_| route.is_read_only) {
                    item.retain(|method, _| !WRITING.contains(&method.as_str()));
                }
                paths.insert(public, item);
            }
        }
    }
}

/// The route that a path takes: the longest that fits.
pub fn led_by(table: &[Route], path: &str) -> Option<&'static str> {
    let fitting = table.iter().map(|route| route.path);
    fitting
        .filter(|prefix| Route::rest(prefix, path).is_some())
        .max_by_key(|prefix| prefix.len())
}

fn add_components(components: &mut Map<String, Value>, service: &str, mut document: Value) {
    let Value::Object(kinds) = document["components"].take() else {
        return;
    };
    for (kind, mut named) in kinds {
        rename_keys(&mut named, service);
        let all = components.entry(kind).or_insert_with(|| json!({}));
        if let (Value::Object(all), Value::Object(named)) = (all, named) {
            all.extend(named);
        }
    }
}

/// Two services may well have a schema `Order` each, and mean different things.
fn distinct(service: &str, name: &str) -> String {
    format!("{service}.{name}")
}

fn rename_keys(value: &mut Value, service: &str) {
    if let Value::Object(members) = value {
        let all = std::mem::take(members).into_iter();
        *members = all
            .map(|(name, member)| (distinct(service, &name), member))
            .collect();
    }
}

/// Gives operations ids of their own, the service as their tag, and the ways to prove who one is
/// that hold for all of the service.
fn name_operations(document: &mut Value, service: &str) {
    let for_all = document.get("security").cloned();
    let paths = document.get_mut("paths").and_then(Value::as_object_mut);
    let items = paths.into_iter().flat_map(|paths| paths.values_mut());
    for member in items
        .filter_map(Value::as_object_mut)
        .flat_map(|item| item.values_mut())
    {
        // Beside operations, a path has parameters, which are a list.
        let Some(operation) = member.as_object_mut() else {
            continue;
        };
        if let Some(Value::String(id)) = operation.get_mut("operationId") {
            *id = distinct(service, id);
        }
        operation.insert("tags".to_owned(), json!([service]));
        if let Some(security) = &for_all {
            operation
                .entry("security")
                .or_insert_with(|| security.clone());
        }
        let ways = operation.get_mut("security").and_then(Value::as_array_mut);
        ways.into_iter()
            .flatten()
            .for_each(|way| rename_keys(way, service));
    }
}

/// Makes all that refers to components refer to them by their new names.
fn refer(value: &mut Value, service: &str) {
    match value {
        Value::String(text) => {
            let place = text.strip_prefix(COMPONENTS);
            if let Some((kind, name)) = place.and_then(|place| place.split_once('/')) {
                *text = format!("{COMPONENTS}{kind}/{}", distinct(service, name));
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| refer(item, service)),
        Value::Object(members) => members
            .values_mut()
            .for_each(|member| refer(member, service)),
        _ => {}
    }
}

#[cfg(test)]
mod tests;
