//! The committed API document, exactly as the generated service writes it: its own test compares the two.

mod common;
pub(super) mod fields;

use serde_json::{Map, Value, json};

/// The document of a service, with a newline at its end.
pub(super) fn document(service: &Value, entities: &[Value]) -> String {
    let mut paths = Map::new();
    let mut schemas = Map::new();
    for entity in entities {
        let (list, item) = operations(entity);
        paths.insert(text(&entity["path"]), list);
        paths.insert(text(&entity["item_path"]), item);
        add_schemas(entity, &mut schemas);
    }
    schemas.insert("Problem".to_owned(), common::problem());
    schemas.insert("FieldError".to_owned(), common::field_error());
    schemas.sort_keys();
    paths.sort_keys();
    let document = json!({
        "openapi": "3.1.0",
        "info": { "title": service["name"], "description": service["description"], "version": "0.1.0" },
        "paths": paths,
        "components": { "schemas": schemas },
    });
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
    let id = if entity["id"]["integer"] == true {
        json!({ "type": "integer", "format": "int64" })
    } else {
        json!({ "type": "string", "format": "uuid" })
    };
    let parameters = json!([{ "name": "id", "in": "path", "required": true, "schema": id }]);
    let input = json!({ "content": json_content(&reference(&format!("{pascal}Input"))), "required": true });
    let one = json_content(&reference(&pascal));
    let header = |description: &str| json!({ "schema": { "type": "string" }, "description": description });

    let mut list = operation(format!("List {titles}, oldest first"), format!("list_{table}"));
    list["parameters"] = common::page_parameters();
    let many = json!({ "type": "array", "items": reference(&pascal) });
    list["responses"] = responses(
        "200",
        &json!({
            "description": "One page",
            "headers": { "link": header("Where the next page is: `<..>; rel=\"next\"`") },
            "content": json_content(&many),
        }),
    );
    let mut create = operation(format!("Create {an}"), format!("create_{snake}"));
    create["requestBody"] = input.clone();
    create["responses"] = responses(
        "201",
        &json!({
            "description": "Created",
            "headers": { "location": header(&format!("Where the {title} is")) },
            "content": one,
        }),
    );
    let mut read = operation(format!("Read {an}"), format!("read_{snake}"));
    read["parameters"] = parameters.clone();
    read["responses"] = responses("200", &json!({ "description": format!("The {title}"), "content": one }));
    let mut replace = operation(format!("Replace {an}"), format!("replace_{snake}"));
    replace["parameters"] = parameters.clone();
    replace["requestBody"] = input;
    replace["responses"] =
        responses("200", &json!({ "description": format!("The {title} as it is now"), "content": one }));
    let mut delete = operation(format!("Delete {an}"), format!("delete_{snake}"));
    delete["parameters"] = parameters;
    delete["responses"] = responses("204", &json!({ "description": "Deleted" }));
    (json!({ "get": list, "post": create }), json!({ "get": read, "put": replace, "delete": delete }))
}

fn json_content(schema: &Value) -> Value {
    json!({ "application/json": { "schema": schema } })
}

fn responses(status: &str, response: &Value) -> Value {
    json!({
        status: response,
        "default": {
            "description": "What went wrong (RFC 9457)",
            "content": { "application/problem+json": { "schema": reference("Problem") } },
        },
    })
}

/// The schemas of an entity: as shown, as sent, and of its types.
fn add_schemas(entity: &Value, schemas: &mut Map<String, Value>) {
    let fields = || entity["fields"].as_array().into_iter().flatten();
    let id = if entity["id"]["integer"] == true {
        json!({ "type": "integer", "format": "int64" })
    } else {
        json!({ "type": "string", "format": "uuid" })
    };
    let moment = || reference("Timestamp");
    let names = |only: fn(&Value) -> bool| fields().filter(move |field| only(field)).map(|field| field["name"].clone());
    let mut shown = Map::from_iter([("id".to_owned(), id)]);
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
            let values: Vec<&Value> =
                field["enum"]["variants"].as_array().into_iter().flatten().map(|variant| &variant["value"]).collect();
            let mut schema = json!({ "type": "string", "description": field["enum"]["description"] });
            if !field["enum"]["default"].is_null() {
                schema["default"] = field["enum"]["default"].clone();
            }
            schema["enum"] = json!(values);
            schemas.insert(text(&field["enum"]["name"]), schema);
        }
    }
}
