//! The committed API document, exactly as the generated service writes it: its own test compares the two.

use serde_json::{Map, Value, json};

use super::field::{decimal_default, format_name, lengths, shows_default, whole};
use crate::project::entity::{Field, FieldType};

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
    schemas.insert("Problem".to_owned(), problem());
    schemas.insert("FieldError".to_owned(), field_error());
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
    list["parameters"] = page_parameters();
    let many = json!({ "type": "array", "items": reference(&pascal) });
    list["responses"] = responses(
        "200",
        json!({
            "description": "One page",
            "headers": { "link": header("Where the next page is: `<..>; rel=\"next\"`") },
            "content": json_content(&many),
        }),
    );
    let mut create = operation(format!("Create {an}"), format!("create_{snake}"));
    create["requestBody"] = input.clone();
    create["responses"] = responses(
        "201",
        json!({
            "description": "Created",
            "headers": { "location": header(&format!("Where the {title} is")) },
            "content": one,
        }),
    );
    let mut read = operation(format!("Read {an}"), format!("read_{snake}"));
    read["parameters"] = parameters.clone();
    read["responses"] = responses("200", json!({ "description": format!("The {title}"), "content": one }));
    let mut replace = operation(format!("Replace {an}"), format!("replace_{snake}"));
    replace["parameters"] = parameters.clone();
    replace["requestBody"] = input;
    replace["responses"] =
        responses("200", json!({ "description": format!("The {title} as it is now"), "content": one }));
    let mut delete = operation(format!("Delete {an}"), format!("delete_{snake}"));
    delete["parameters"] = parameters;
    delete["responses"] = responses("204", json!({ "description": "Deleted" }));
    (json!({ "get": list, "post": create }), json!({ "get": read, "put": replace, "delete": delete }))
}

fn json_content(schema: &Value) -> Value {
    json!({ "application/json": { "schema": schema } })
}

fn responses(status: &str, response: Value) -> Value {
    json!({
        status: response,
        "default": {
            "description": "What went wrong (RFC 9457)",
            "content": { "application/problem+json": { "schema": reference("Problem") } },
        },
    })
}

fn page_parameters() -> Value {
    json!([
        {
            "name": "limit", "in": "query", "description": "How many entries to return at most.", "required": false,
            "schema": { "type": "integer", "format": "int64", "default": 20, "maximum": 100, "minimum": 1 },
        },
        {
            "name": "cursor", "in": "query",
            "description": "Where to go on, as found in the `Link` header of the page before.", "required": false,
            "schema": { "type": "string" },
        },
    ])
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

/// The schemas of a field: `shown` in answers, `sent` in requests, and the `component` that its type is.
pub(super) fn field(field: &Field, base: &str) -> Value {
    let nullable = |schema: Value| {
        if field.optional { json!({ "oneOf": [{ "type": "null" }, schema] }) } else { schema }
    };
    let typed = |name: &str, format: Option<&str>| {
        let mut schema = if field.optional { json!({ "type": [name, "null"] }) } else { json!({ "type": name }) };
        if let Some(format) = format {
            schema["format"] = format.into();
        }
        schema
    };
    let mut component = Value::Null;
    let shown = match field.kind {
        FieldType::String | FieldType::Text => typed("string", None),
        FieldType::Integer => typed("integer", Some("int64")),
        FieldType::Boolean => typed("boolean", None),
        FieldType::Uuid => typed("string", Some("uuid")),
        FieldType::Date => typed("string", Some("date")),
        FieldType::Datetime => nullable(reference("Timestamp")),
        FieldType::Enum => nullable(reference(base)),
        FieldType::Json => json!({}),
        FieldType::Decimal => {
            let (digits, scale) = field.precision();
            let name = format!("Decimal{digits}_{scale}");
            let schema = json!({ "type": "string", "format": "decimal", "pattern": decimal_pattern(digits, scale) });
            component = json!({ "name": name, "schema": schema });
            nullable(reference(&name))
        }
    };
    let sent = sent(field, &shown);
    json!({ "shown": shown, "sent": sent, "component": component })
}

fn decimal_pattern(digits: u8, scale: u8) -> String {
    let fraction = if scale == 0 { String::new() } else { format!("(\\.[0-9]{{1,{scale}}})?") };
    format!("^-?[0-9]{{1,{}}}{fraction}$", (digits - scale).max(1))
}

/// What a request may hold: the members in the order in which utoipa writes them.
fn sent(field: &Field, shown: &Value) -> Value {
    let mut schema = if field.kind == FieldType::Decimal { decimal(field) } else { shown.clone() };
    let mut rule = |name: &str, value: Option<Value>| {
        if let (Some(value), Some(schema)) = (value, schema.as_object_mut()) {
            schema.insert(name.to_owned(), value);
        }
    };
    rule("format", field.format.map(|format| format_name(format).into()));
    if shows_default(field) {
        rule("default", field.default.clone());
    }
    if field.kind == FieldType::Integer {
        rule("maximum", field.maximum.clone().map(Value::Number));
        rule("minimum", field.minimum.clone().map(Value::Number));
    }
    if matches!(field.kind, FieldType::String | FieldType::Text) {
        let (least, most) = lengths(field);
        rule("maxLength", most.map(Value::from));
        rule("minLength", least.map(Value::from));
        rule("pattern", field.pattern.as_deref().map(|pattern| whole(pattern).into()));
    }
    schema
}

fn decimal(field: &Field) -> Value {
    let (digits, scale) = field.precision();
    let types: &[&str] = if field.optional { &["string", "number", "null"] } else { &["string", "number"] };
    let limit = 10_i64.pow((digits - scale).into());
    let number = |n: &serde_json::Number| n.as_f64().map_or(Value::Null, plain);
    let mut schema = json!({ "type": types, "format": "decimal" });
    if let Some(default) = decimal_default(field) {
        schema["default"] = default.into();
    }
    schema["multipleOf"] = plain(10_f64.powi(-i32::from(scale)));
    if let Some(maximum) = &field.maximum {
        schema["maximum"] = number(maximum);
    }
    if let Some(minimum) = &field.minimum {
        schema["minimum"] = number(minimum);
    }
    schema["exclusiveMaximum"] = limit.into();
    schema["exclusiveMinimum"] = (-limit).into();
    schema["pattern"] = decimal_pattern(digits, scale).into();
    schema
}

/// utoipa writes whole numbers without a point.
#[expect(clippy::cast_possible_truncation, reason = "only whole numbers within i64 are cast")]
fn plain(number: f64) -> Value {
    if number.fract() == 0.0 && number.abs() < 9e15 { (number as i64).into() } else { number.into() }
}

fn problem() -> Value {
    json!({
        "type": "object",
        "description": "What went wrong. There is no `type` member: by RFC 9457 its absence means that the title is the\nstatus itself.",
        "required": ["status", "title"],
        "properties": {
            "status": {
                "type": "integer", "format": "int32",
                "description": "The HTTP status, repeated for those who only keep the body.", "minimum": 0,
            },
            "title": { "type": "string", "description": "The name of the status." },
            "detail": { "type": "string", "description": "What is wrong with this request, for a person to read." },
            "errors": {
                "type": "array", "items": reference("FieldError"),
                "description": "One entry per field or parameter that was not accepted.",
            },
        },
    })
}

fn field_error() -> Value {
    json!({
        "type": "object",
        "description": "Why one field of the body, or one parameter, was not accepted.",
        "required": ["field", "detail"],
        "properties": {
            "field": {
                "type": "string",
                "description": "The name of the field or parameter; empty when the body as a whole is meant.",
            },
            "detail": { "type": "string", "description": "What is wrong with it." },
        },
    })
}
