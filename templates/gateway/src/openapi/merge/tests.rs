//! Documents put together.

use serde_json::{Value, json};

use super::merge;
use crate::route::Route;

fn document(path: &str) -> Value {
    json!({
        "security": [{ "token": [] }],
        "paths": { path: { "parameters": [], "get": {
            "operationId": "list",
            "schema": { "$ref": "#/components/schemas/Item" },
        } } },
        "components": { "schemas": {
            "Item": { "anyOf": [{ "$ref": "#/components/schemas/Item" }] },
        } },
    })
}

#[test]
fn names_of_different_services_do_not_collide() {
    let table = [
        Route::new("/orders", "a"),
        Route::new("/users", "b").at("/v1"),
    ];
    let documents = [
        ("a", Some(document("/orders/{id}"))),
        ("b", Some(document("/v1"))),
    ];
    let merged = merge(&table, documents.into());
    let get = &merged["paths"]["/users"]["get"];
    assert_eq!(get["operationId"], "b.list");
    assert_eq!(get["schema"]["$ref"], "#/components/schemas/b.Item");
    assert_eq!(get["security"], json!([{ "b.token": [] }]));
    let item = &merged["components"]["schemas"]["a.Item"];
    assert_eq!(item["anyOf"][0]["$ref"], "#/components/schemas/a.Item");
    assert!(merged["paths"]["/orders/{id}"].is_object());
}

#[test]
fn what_a_route_does_not_let_through_is_not_shown() {
    let table = [Route::new("/orders", "a").read_only()];
    let mut orders = document("/orders");
    orders["paths"]["/orders"]["put"] = json!({});
    let merged = merge(&table, [("a", Some(orders))].into());
    let item = merged["paths"]["/orders"].as_object().unwrap();
    assert_eq!(item.keys().collect::<Vec<_>>(), ["get", "parameters"]);
}

#[test]
fn what_no_route_leads_to_is_not_shown() {
    let table = [Route::new("/", "a"), Route::new("/orders", "b")];
    let documents = [("a", Some(document("/orders/x"))), ("b", None)];
    let merged = merge(&table, documents.into());
    assert_eq!(merged["paths"], json!({}));
    assert_eq!(merged["x-unavailable"], json!(["b"]));
    assert!(
        merged["info"]["description"]
            .as_str()
            .unwrap()
            .contains("not answer: b.")
    );
}
