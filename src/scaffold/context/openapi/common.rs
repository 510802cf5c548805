//! What every API document holds.

use serde_json::{Value, json};

use super::reference;

/// The id in a path.
pub(super) fn id(entity: &Value) -> Value {
    if entity["id"]["integer"] == true {
        json!({ "type": "integer", "format": "int64" })
    } else {
        json!({ "type": "string", "format": "uuid" })
    }
}

/// A header of a request.
pub(super) fn condition(name: &str, description: &str) -> Value {
    json!({
        "name": name, "in": "header", "description": description, "required": false, "schema": { "type": "string" },
    })
}

/// The headers of an answer.
pub(super) fn headers(headers: &[(&str, String)]) -> Value {
    let header = |description: &str| json!({ "schema": { "type": "string" }, "description": description });
    Value::Object(headers.iter().map(|(name, description)| ((*name).to_owned(), header(description))).collect())
}

/// An answer that is a problem.
pub(super) fn problem_response(description: &str) -> Value {
    json!({
        "description": description,
        "content": { "application/problem+json": { "schema": reference("Problem") } },
    })
}

/// The pages of a list.
pub(super) fn page_parameters() -> [Value; 2] {
    [
        json!({
            "name": "limit", "in": "query", "description": "How many entries to return at most.", "required": false,
            "schema": { "type": "integer", "format": "int64", "default": 20, "maximum": 100, "minimum": 1 },
        }),
        json!({
            "name": "cursor", "in": "query",
            "description": "Where to go on, as found in the `Link` header of the page before.", "required": false,
            "schema": { "type": "string" },
        }),
    ]
}

/// The schema of errors.
pub(super) fn problem() -> Value {
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

/// The schema of what is said about one field.
pub(super) fn field_error() -> Value {
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
