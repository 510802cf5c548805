//! The route that events come in by.

use serde_json::{Map, Value, json};

use super::{reference, responses};

pub(super) fn add(paths: &mut Map<String, Value>, schemas: &mut Map<String, Value>) {
    let operation = json!({
        "tags": ["events"],
        "summary": "Take in an event",
        "description": "An event that is sent again is taken in once. It is stored when the answer comes, and handled \
            thereafter. Types that are not handled here are passed over.",
        "operationId": "receive_event",
        "requestBody": {
            "content": { "application/cloudevents+json": { "schema": reference("CloudEvent") } },
            "required": true,
        },
        "responses": responses([("202", json!({ "description": "Stored, now or before, or passed over" }))]),
    });
    paths.insert("/events".to_owned(), json!({ "post": operation }));
    schemas.insert("CloudEvent".to_owned(), event());
    schemas.insert("Timestamp".to_owned(), json!({ "type": "string", "format": "date-time" }));
}

fn event() -> Value {
    let text = |description: &str| json!({ "type": "string", "description": description });
    let maybe = |description: &str| json!({ "type": ["string", "null"], "description": description });
    let time = json!({ "$ref": "#/components/schemas/Timestamp", "description": "When it happened." });
    json!({
        "type": "object",
        "description": "Something that happened. Source and id together tell it from every other.",
        "required": ["specversion", "source", "id", "type"],
        "properties": {
            "specversion": text("`1.0`."),
            "source": text("Who tells of it."),
            "id": text("The same whenever it is sent again."),
            "type": text("What happened, such as `order.created`."),
            "subject": maybe("What it happened to: an id, as a rule."),
            "time": { "oneOf": [time, { "type": "null" }] },
            "traceparent": maybe("The trace that it is a part of, as in the header of the same name."),
            "datacontenttype": maybe("What `data` is: JSON, also when it is missing."),
            "data": { "description": "What else there is to know." },
        },
    })
}
