{% if options.auth == "jwt" -%}
//! Which paths need a token, in the merged document: the gateway asks for it, whatever the services
//! say of themselves.

use serde_json::{Value, json};

use super::merge::led_by;
use crate::route::Route;

const SCHEME: &str = "token";

/// Marks the operations that the gateway lets through with a token only.
pub fn mark(document: &mut Value, table: &[Route]) {
    let is_public = |path: &str| {
        let route = led_by(table, path);
        table
            .iter()
            .any(|other| Some(other.path) == route && other.is_public)
    };
    let paths = document["paths"].as_object_mut().into_iter().flatten();
    for (_, item) in paths.filter(|(path, _)| !is_public(path)) {
        let members = item.as_object_mut().into_iter().flatten();
        for (_, operation) in members.filter(|(_, member)| member.is_object()) {
            operation["security"] = json!([{ SCHEME: [] }]);
        }
    }
    let scheme = json!({ "type": "http", "scheme": "bearer", "bearerFormat": "JWT" });
    document["components"]["securitySchemes"][SCHEME] = scheme;
}
{% endif -%}
