{% if options.grpc -%}
//! The methods of a service that speaks gRPC as an OpenAPI document, as if it had one.

use prost_reflect::MethodDescriptor;
use serde_json::{Map, Value, json};

use super::schema::{Schemas, comment};

/// The document of these methods; none without any.
pub fn of(methods: &[MethodDescriptor]) -> Option<Value> {
    let mut schemas = Schemas::default();
    let mut paths = Map::new();
    for method in methods {
        let owner = method.parent_service();
        let path = format!("/{}/{}", owner.full_name(), method.name());
        paths.insert(path, json!({ "post": operation(method, &mut schemas) }));
    }
    let mut schemas = schemas.all();
    schemas.insert("Problem".to_owned(), problem());
    let document = json!({ "paths": paths, "components": { "schemas": schemas } });
    (!methods.is_empty()).then_some(document)
}

fn operation(method: &MethodDescriptor, schemas: &mut Schemas) -> Value {
    let sent = schemas.of(&method.input());
    let answered = schemas.of(&method.output());
    let problem = json!({ "$ref": "#/components/schemas/Problem" });
    let about = comment(&method.parent_file(), method.path());
    json!({
        "operationId": method.full_name(),
        "summary": about.unwrap_or_else(|| method.name().to_owned()),
        "requestBody": { "required": true, "content": { "application/json": { "schema": sent } } },
        "responses": {
            "200": {
                "description": "Answered",
                "content": { "application/json": { "schema": answered } },
            },
            "default": {
                "description": "What went wrong (RFC 9457)",
                "content": { "application/problem+json": { "schema": problem } },
            },
        },
    })
}

/// What `chassis::Problem` looks like.
fn problem() -> Value {
    let text = json!({ "type": "string" });
    let error = json!({
        "type": "object",
        "required": ["field", "detail"],
        "properties": { "field": text, "detail": text },
    });
    json!({
        "type": "object",
        "required": ["status", "title"],
        "properties": {
            "status": { "type": "integer" },
            "title": text,
            "detail": text,
            "errors": { "type": "array", "items": error },
        },
    })
}
{% endif -%}
