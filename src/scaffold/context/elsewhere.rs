//! What templates need of the references to entities of other services: these are asked whether there is such a record.

use heck::ToSnakeCase;
use serde_json::{Value, json};

use super::entity::Scope;
use super::{names, references};
use crate::project::entity::{Entity, Field, FieldType};

/// A chain of calls that is longer is written one below the other.
const CHAIN_WIDTH: usize = 60;

/// `fields` are the contexts of the entity's fields.
pub(super) fn context(entity: &Entity, fields: &[Value], scope: &Scope) -> Vec<Value> {
    let Some(peers) = scope.peers else { return Vec::new() };
    let declared = entity.fields.iter().zip(fields);
    let checks = declared.filter_map(|((name, field), context)| {
        let (service, other) = field.target_elsewhere()?;
        let client = peers.field(service)?;
        let is_integer = field.kind == FieldType::Integer;
        let method = operation(other);
        let value = if field.optional { "id" } else { context["bind"].as_str()? };
        let call = format!("other.{method}({value}).await");
        Some(json!({
            "name": name.as_str(),
            "optional": field.optional,
            "bind": context["bind"],
            "service": service,
            "an": names::with_article(&names::title(other)),
            "client": client,
            "method": method,
            "value": value,
            "fits": call.len() <= CHAIN_WIDTH,
            "missing": if is_integer { references::MISSING_NUMBER } else { references::MISSING },
        }))
    });
    checks.collect()
}

/// The operation by which a service gives a record.
#[must_use]
pub fn operation(entity: &str) -> String {
    format!("read_{}", entity.to_snake_case())
}

/// Why a reference can't be checked.
pub(super) fn obstacle(field: &Field, scope: &Scope) -> Option<String> {
    let (service, _) = field.target_elsewhere()?;
    scope.peers?.field(service).is_none().then(|| {
        format!(
            "`{service}` has no openapi.json, so there is nobody to ask for what it refers to; leave `references` out"
        )
    })
}
