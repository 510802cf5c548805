//! The committed API document, exactly as the generated service writes it: its own test compares the two.

mod accounts;
mod common;
mod events;
pub(super) mod fields;
mod greeting;
mod lists;

use serde_json::{Map, Value, json};

use crate::project::Service;

/// The document of a service, with a newline at its end.
pub(super) fn document(context: &Value, entities: &[Value], service: &Service) -> String {
    let has_accounts = service.has_accounts();
    let mut paths = Map::new();
    let mut schemas = Map::new();
    for entity in entities {
        let (list, item) = operations(entity);
        paths.insert(text(&entity["path"]), list);
        paths.insert(text(&entity["item_path"]), item);
        add_schemas(entity, &mut schemas);
    }
    if entities.is_empty() && has_accounts {
        // Something must need a token.
        accounts::add_own(&mut paths, &mut schemas);
    } else if entities.is_empty() && !service.stores() {
        // A service without data shows by an example where routes go.
        greeting::add(&mut paths, &mut schemas);
    }
    if has_accounts {
        accounts::protect(&mut paths);
        accounts::add(&mut paths, &mut schemas);
    }
    // Other services tell of what happened without a token of anybody's.
    if service.hears_events() {
        events::add(&mut paths, &mut schemas);
    }
    schemas.insert("Problem".to_owned(), common::problem());
    schemas.insert("FieldError".to_owned(), common::field_error());
    schemas.sort_keys();
    paths.sort_keys();
    let mut document = json!({
        "openapi": "3.1.0",
        "info": { "title": context["name"], "description": context["description"], "version": "0.1.0" },
        "paths": paths,
        "components": { "schemas": schemas },
    });
    if has_accounts {
        document["components"]["securitySchemes"] = accounts::schemes();
    }
    format!("{document:#}\n")
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn reference(schema: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{schema}") })
}

/// The operations on the list and on one entry.
fn operations(entity: &Value) -> (Value, Value) {
    let (title, snake, an) = (text(&entity["title"]), text(&entity["snake"]), text(&entity["an"]));
    let (titles, table, pascal) = (text(&entity["titles"]), text(&entity["table"]), text(&entity["pascal"]));
    let operation = |summary: String, id: String| json!({ "tags": [titles], "summary": summary, "operationId": id });
    let id = json!({ "name": "id", "in": "path", "required": true, "schema": common::id(entity) });
    let input = json!({ "content": json_content(&reference(&format!("{pascal}Input"))), "required": true });
    let one = json_content(&reference(&pascal));
    let etag = || ("etag", format!("Changes with every change of the {title}"));
    let if_match = common::condition("if-match", "Write only if this is still the `ETag`; `*` and nothing mean any.");
    let if_none_match = common::condition("if-none-match", "The `ETag` of what the client has already.");
    let changed = ("412", common::problem_response("It was changed meanwhile: `if-match` is not its `ETag`"));
    let some = |what: &str| entity[what].as_array().is_some_and(|all| !all.is_empty());
    let is_referring = some("references") || some("checks");
    let dangling = is_referring.then(|| ("422", common::problem_response("It refers to what does not exist")));

    let unless = if lists::sorts(entity).is_empty() { "" } else { " unless sorted otherwise" };
    let mut list = operation(format!("List {titles}, oldest first{unless}"), format!("list_{table}"));
    list["parameters"] = lists::parameters(entity);
    list["responses"] = lists::responses(&pascal);
    let mut create = operation(format!("Create {an}"), format!("create_{snake}"));
    let key = "A new UUID for each request: sent again with it, the request gets its first answer.";
    create["parameters"] = json!([common::condition("idempotency-key", key)]);
    create["requestBody"] = input.clone();
    let headers = common::headers(&[etag(), ("location", format!("Where the {title} is"))]);
    let created = json!({ "description": "Created", "headers": headers, "content": one });
    let refused = ("422", common::problem_response("The request can't be carried out as it is"));
    create["responses"] = responses([("201", created), refused]);
    let mut read = operation(format!("Read {an}"), format!("read_{snake}"));
    read["parameters"] = json!([id, if_none_match]);
    let headers = common::headers(&[etag()]);
    let found = json!({ "description": format!("The {title}"), "headers": headers, "content": one });
    read["responses"] = responses([("200", found), ("304", json!({ "description": "The client has it already" }))]);
    let mut replace = operation(format!("Replace {an}"), format!("replace_{snake}"));
    replace["parameters"] = json!([id, if_match]);
    replace["requestBody"] = input;
    let replaced = json!({ "description": format!("The {title} as it is now"), "headers": headers, "content": one });
    replace["responses"] = responses([("200", replaced), changed.clone()].into_iter().chain(dangling));
    let mut delete = operation(format!("Delete {an}"), format!("delete_{snake}"));
    delete["parameters"] = json!([id, if_match]);
    delete["responses"] = responses([("204", json!({ "description": "Deleted" })), changed]);
    (json!({ "get": list, "post": create }), json!({ "get": read, "put": replace, "delete": delete }))
}

fn json_content(schema: &Value) -> Value {
    json!({ "application/json": { "schema": schema } })
}

/// The answers of an operation, by their status; any other one is a problem.
fn responses(known: impl IntoIterator<Item = (&'static str, Value)>) -> Value {
    let other = ("default", common::problem_response("What went wrong (RFC 9457)"));
    Value::Object(known.into_iter().chain([other]).map(|(status, response)| (status.to_owned(), response)).collect())
}

/// The schemas of an entity: as shown, as sent, and of its types.
fn add_schemas(entity: &Value, schemas: &mut Map<String, Value>) {
    let fields = || entity["fields"].as_array().into_iter().flatten();
    let moment = || reference("Timestamp");
    let names = |only: fn(&Value) -> bool| fields().filter(move |field| only(field)).map(|field| field["name"].clone());
    let mut shown = Map::from_iter([("id".to_owned(), common::id(entity))]);
    shown.extend(fields().map(|field| (text(&field["name"]), field["api"]["shown"].clone())));
    shown.extend(["created_at", "updated_at"].map(|name| (name.to_owned(), moment())));
    let always = std::iter::once("id".into()).chain(names(|field| field["optional"] == false));
    let always: Vec<Value> = always.chain(["created_at".into(), "updated_at".into()]).collect();
    let pascal = text(&entity["pascal"]);
    let schema = json!({
        "type": "object", "description": format!("{}.", text(&entity["An"])), "required": always, "properties": shown,
    });
    schemas.insert(pascal.clone(), schema);

    let sent: Map<String, Value> = fields().map(|field| (text(&field["name"]), field["api"]["sent"].clone())).collect();
    let required: Vec<Value> = names(|field| field["required"] == true).collect();
    let mut input = json!({
        "type": "object", "description": format!("What a client decides about {}.", text(&entity["an"])),
    });
    if !required.is_empty() {
        input["required"] = required.into();
    }
    input["properties"] = sent.into();
    input["additionalProperties"] = false.into();
    schemas.insert(format!("{pascal}Input"), input);

    schemas.insert("Timestamp".to_owned(), json!({ "type": "string", "format": "date-time" }));
    for field in fields() {
        if let (Some(name), component) = (field["api"]["component"]["name"].as_str(), &field["api"]["component"]) {
            schemas.insert(name.to_owned(), component["schema"].clone());
        }
        if field["enum"].is_object() {
            let schema = enumeration(field, &field["enum"]["default"]);
            schemas.insert(text(&field["enum"]["name"]), schema);
        }
    }
}

/// The schema of a field that is one of some values.
fn enumeration(field: &Value, default: &Value) -> Value {
    let variants = field["enum"]["variants"].as_array().into_iter().flatten();
    let values: Vec<&Value> = variants.map(|variant| &variant["value"]).collect();
    let mut schema = json!({ "type": "string", "description": field["enum"]["description"] });
    if !default.is_null() {
        schema["default"] = default.clone();
    }
    schema["enum"] = json!(values);
    schema
}
