//! What templates see of a project: its declaration with names in all cases and the types that follow from it.

use heck::{ToPascalCase, ToSnakeCase, ToTitleCase};
use serde_json::{Value, json};

use crate::error::Result;
use crate::project::Service;

/// The context of every file but msvc.yaml.
///
/// # Errors
/// Something declared that templates can't express (exit code 2).
pub fn of(service: &Service) -> Result<Value> {
    let name = service.name.as_str();
    Ok(json!({
        "name": name,
        "names": { "kebab": name, "snake": name.to_snake_case(), "pascal": name.to_pascal_case(), "title": name.to_title_case() },
        "description": service.description,
        "port": service.port.number(),
        "entities": [],
    }))
}
