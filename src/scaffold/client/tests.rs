//! Clients of documents as services write them.

use serde_json::json;

use super::of_http;

/// Takes a document's text apart into the files of its client.
fn files(document: &str) -> String {
    let files = of_http("orders", document).unwrap();
    let shown = files.iter().map(|(path, entry)| format!("=== {path}\n{}", String::from_utf8_lossy(&entry.bytes)));
    shown.collect()
}

#[test]
fn each_operation_is_a_method_and_each_schema_a_type() {
    let document = json!({
        "openapi": "3.1.0",
        "paths": {
            "/orders": {
                "get": {
                    "operationId": "list_orders",
                    "summary": "List orders",
                    "parameters": [
                        { "name": "status", "in": "query", "schema": { "type": "string", "enum": ["placed", "paid"] } },
                        { "name": "sort", "in": "query", "schema": { "type": "string", "enum": ["total", "-total"] } },
                        { "name": "limit", "in": "query", "schema": { "type": "integer", "format": "int64" } },
                    ],
                    "responses": { "200": {
                        "headers": { "link": {} },
                        "content": { "application/json": {
                            "schema": { "type": "array", "items": { "$ref": "#/components/schemas/Order" } },
                        } },
                    } },
                },
            },
            "/orders/{id}": {
                "put": {
                    "operationId": "replace_order",
                    "summary": "Replace an order",
                    "security": [{ "token": [] }],
                    "parameters": [
                        { "name": "id", "in": "path", "required": true, "schema": { "type": "string", "format": "uuid" } },
                        { "name": "if-match", "in": "header", "required": false, "schema": { "type": "string" } },
                    ],
                    "requestBody": { "content": { "application/json": {
                        "schema": { "$ref": "#/components/schemas/Order" },
                    } } },
                    "responses": { "200": {
                        "headers": { "etag": {} },
                        "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Order" } } },
                    } },
                },
                "delete": {
                    "parameters": [{ "name": "id", "in": "path", "required": true, "schema": { "type": "integer" } }],
                    "responses": { "204": {} },
                },
            },
            "/pictures": {
                "post": { "requestBody": { "content": { "image/png": {} } }, "responses": { "201": {} } },
            },
        },
        "components": { "schemas": {
            "Order": {
                "type": "object",
                "description": "An order.",
                "required": ["total", "status"],
                "properties": {
                    "total": { "$ref": "#/components/schemas/Decimal10_2" },
                    "status": { "$ref": "#/components/schemas/OrderStatus" },
                    "type": { "type": ["string", "null"], "description": "What it is." },
                    "parts": { "type": "array", "items": { "type": "object", "properties": {
                        "since": { "$ref": "#/components/schemas/Timestamp" }, "more": {},
                    } } },
                },
            },
            "OrderStatus": { "type": "string", "enum": ["placed", "paid"] },
            "Timestamp": { "type": "string", "format": "date-time" },
            "Decimal10_2": { "type": "string", "format": "decimal", "pattern": "^-?[0-9]{1,8}(\\.[0-9]{1,2})?$" },
        } },
    });
    insta::assert_snapshot!(files(&document.to_string()));
}

#[test]
fn what_is_no_document_is_refused() {
    let error = of_http("orders", "{}").unwrap_err();
    assert_eq!(error.message, "no client of `orders` can be made");
    assert_eq!(error.causes, ["openapi.json has no `paths`"]);
}
