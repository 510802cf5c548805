//! What templates need of the references to entities of the same service: foreign keys in its database.

use heck::ToSnakeCase;
use serde_json::{Value, json};

use super::entity::Scope;
use super::{names, sql};
use crate::project::FieldName;
use crate::project::entity::{Entity, Field, FieldType};

/// An id that no record has.
pub(super) const MISSING: &str = "\"0195a1b2-c3d4-7e5f-8a6b-000000000000\"";

/// The same where ids are counted.
pub(super) const MISSING_NUMBER: &str = "999_999";

/// `fields` are the contexts of the entity's fields.
pub(super) fn context(own: &str, entity: &Entity, fields: &[Value]) -> Vec<Value> {
    let declared = entity.fields.iter().zip(fields);
    let references = declared.filter_map(|((name, field), context)| {
        let target = field.target()?;
        Some(json!({
            "name": name.as_str(),
            "optional": field.optional,
            "bind": context["bind"],
            "table": sql::table(target),
            "itself": target == own,
            "module": names::module(target),
            "variable": variable(name),
            "needed": is_needed(field),
            "integer": field.kind == FieldType::Integer,
            "missing": if field.kind == FieldType::Integer { MISSING_NUMBER } else { MISSING },
        }))
    });
    references.collect()
}

/// Whether other records, maybe of the same entity, refer to those of this one.
pub(super) fn is_target(own: &str, scope: &Scope) -> bool {
    let mut fields = scope.service.entities.values().flat_map(|entity| entity.fields.values());
    fields.any(|field| field.target() == Some(own))
}

/// What a test calls the record that a required field refers to.
pub(super) fn variable(name: &FieldName) -> String {
    format!("its_{}", name.as_str().trim_end_matches("_id").to_snake_case())
}

/// Whether a record can only be made when another one is there.
pub(super) fn is_needed(field: &Field) -> bool {
    field.target().is_some() && super::field::is_required(field)
}
