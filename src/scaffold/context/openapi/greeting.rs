//! The example that a service without data begins with.

use serde_json::{Map, Value, json};

use super::{json_content, reference, responses};

pub(super) fn add(paths: &mut Map<String, Value>, schemas: &mut Map<String, Value>) {
    let greeted = json!({ "description": "The greeting", "content": json_content(&reference("Greeting")) });
    let operation = json!({
        "tags": ["greetings"],
        "summary": "Greet somebody",
        "operationId": "greet",
        "requestBody": { "content": json_content(&reference("GreetingInput")), "required": true },
        "responses": responses([("200", greeted)]),
    });
    paths.insert("/greetings".to_owned(), json!({ "post": operation }));
    let greeting = json!({
        "type": "object", "description": "A greeting.", "required": ["text"],
        "properties": { "text": { "type": "string" } },
    });
    let input = json!({
        "type": "object", "description": "Who is to be greeted.", "required": ["name"],
        "properties": { "name": { "type": "string", "maxLength": 80, "minLength": 1 } },
        "additionalProperties": false,
    });
    schemas.insert("Greeting".to_owned(), greeting);
    schemas.insert("GreetingInput".to_owned(), input);
}
