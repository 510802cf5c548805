//! A field as templates see it: its Rust type, the attributes that carry its rules, and its default.

use heck::{ToPascalCase, ToSnakeCase};
use serde_json::{Value, json};

use super::defaults::{default_function, schema_function};
use super::names;
use super::rules::attributes;
use crate::project::entity::{Field, FieldType};
use crate::project::name::FieldName;

/// Where a field stands.
pub(super) struct Scope<'a> {
    /// The entity as in a sentence.
    pub(super) entity: &'a str,
    /// The entity's type.
    pub(super) pascal: &'a str,
    /// The type names of all entities of the service.
    pub(super) types: &'a [String],
}

pub(super) fn context(name: &str, field: &Field, scope: &Scope) -> Value {
    let base = rust_type(name, field, scope);
    let rust = if field.optional { format!("Option<{base}>") } else { base.clone() };
    let identifier = names::identifier(name);
    let by_reference = matches!(field.kind, FieldType::String | FieldType::Text | FieldType::Json);
    json!({
        "name": name,
        "identifier": identifier,
        "rust": rust,
        "base": base,
        "optional": field.optional,
        "required": is_required(field),
        "sort": field.sort,
        "bind": format!("{}input.{identifier}", if by_reference { "&" } else { "" }),
        "attributes": attributes(name, field),
        "default": default_function(name, field, &base, &rust),
        "schema": schema_function(name, field),
        "enum": (field.kind == FieldType::Enum).then(|| enumeration(name, field, &base, scope)),
        "api": super::openapi::fields::field(field, &base),
        "parameter": super::openapi::fields::parameter(field, &base),
    })
}

/// Whether a request must hold it.
pub(super) fn is_required(field: &Field) -> bool {
    !field.optional && field.default.is_none()
}

pub(super) fn rust_type(name: &str, field: &Field, scope: &Scope) -> String {
    match field.kind {
        FieldType::String | FieldType::Text => "String".to_owned(),
        FieldType::Integer => "i64".to_owned(),
        FieldType::Decimal => {
            let (digits, scale) = field.precision();
            format!("Decimal<{digits}, {scale}>")
        }
        FieldType::Boolean => "bool".to_owned(),
        FieldType::Uuid => "Uuid".to_owned(),
        FieldType::Date => "NaiveDate".to_owned(),
        FieldType::Datetime => "Timestamp".to_owned(),
        FieldType::Json => "Value".to_owned(),
        FieldType::Enum => {
            let own = format!("{}{}", scope.pascal, name.to_pascal_case());
            let beside = ["", "Input", "Query", "Sort", "Cursor"];
            let taken = scope.types.iter().any(|other| beside.iter().any(|end| format!("{other}{end}") == own));
            if taken { own + "Value" } else { own }
        }
    }
}

/// The type of a value that belongs to no field.
pub(super) fn plain_type(kind: FieldType) -> String {
    rust_type("", &Field::new(kind), &Scope { entity: "", pascal: "", types: &[] })
}

fn enumeration(name: &str, field: &Field, base: &str, scope: &Scope) -> Value {
    // Derived renaming works both ways for most values; `a_1` becomes `A1` and would come back as `a1`.
    let comes_back = |value: &FieldName| {
        let back = value.as_str().to_pascal_case().to_snake_case();
        let single =
            value.as_str().split('_').all(|word| word.len() > 1 && word.starts_with(|c: char| c.is_alphabetic()));
        back == value.as_str() && (single || !value.as_str().contains('_'))
    };
    let default = field.default.as_ref().filter(|_| !field.optional);
    let variants = field.values.iter().map(|value| {
        json!({
            "name": value.as_str().to_pascal_case(), "value": value.as_str(),
            "default": default.and_then(Value::as_str) == Some(value.as_str()),
        })
    });
    json!({
        "name": base,
        "description": format!("The {} of {}.", names::title(name), names::with_article(scope.entity)),
        "renamed": !field.values.iter().all(comes_back),
        "default": default,
        "variants": variants.collect::<Vec<_>>(),
    })
}
