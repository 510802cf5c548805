//! The API document of all services together.

use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};

use crate::support::{Gateway, Route, Service};

/// A service with one path and one schema, which is called the same everywhere.
async fn documented(path: &str) -> Service {
    let document: Value = json!({
        "openapi": "3.1.0",
        "info": { "title": "one of them", "version": "1" },
        "paths": {
            path: { "get": { "responses": { "200": { "description": "it", "content": {
                "application/json": { "schema": { "$ref": "#/components/schemas/Item" } },
            } } } } },
            "/internal": { "get": { "responses": {} } },
        },
        "components": { "schemas": { "Item": { "type": "object" } } },
    });
    let answer = get(async move || Json(document));
    Service::with(Router::new().route("/openapi.json", answer)).await
}

#[tokio::test]
async fn the_documents_of_all_services_become_one() {
    let (orders, users) = (documented("/orders").await, documented("/v1/people").await);
    let table = vec![
        Route::new("/orders", "orders"),
        Route::new("/users", "users").at("/v1/people"),
        Route::new("/ghosts", "ghosts"),
    ];
    let gone = Service::gone();
    let services = [("orders", &orders), ("users", &users), ("ghosts", &gone)];
    let gateway = Gateway::start(table, &services, |_| ()).await;
    let document = gateway.get("/openapi.json").await.json;
    let paths: Vec<&String> = document["paths"].as_object().unwrap().keys().collect();
    assert_eq!(paths, ["/orders", "/users"]);
    let schemas = document["components"]["schemas"].as_object().unwrap();
    assert!(schemas.contains_key("orders.Item") && schemas.contains_key("users.Item"));
    let content = &document["paths"]["/users"]["get"]["responses"]["200"]["content"];
    let schema = &content["application/json"]["schema"]["$ref"];
    assert_eq!(schema, "#/components/schemas/users.Item");
    assert_eq!(document["x-unavailable"], json!(["ghosts"]));
    let about = document["info"]["description"].as_str().unwrap();
    assert!(about.contains("did not answer: ghosts."), "{about}");
}

#[tokio::test]
async fn a_page_shows_the_document() {
    let gateway = Gateway::to(&Service::gone()).await;
    let page = gateway.get("/docs").await;
    assert!(page.header("content-type").starts_with("text/html"));
    assert!(
        page.header("content-security-policy")
            .contains("script-src 'self'")
    );
    assert_eq!(gateway.get("/openapi.json").await.json["paths"], json!({}));
}
