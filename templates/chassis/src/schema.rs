//! Checks JSON against the schema that the OpenAPI document shows.
//!
//! A rule such as `#[schema(minimum = 1)]` is written once, on the field: what is documented is
//! what is enforced. Known are the keywords that schemas of plain records use (see [`checks`]); it
//! is no general JSON Schema validator.

use std::any::TypeId;
use std::collections::HashMap;
use std::sync::{LazyLock, RwLock};

use regex_lite::Regex;
use serde_json::{Map, Value};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use crate::problem::FieldError;

mod checks;
mod decimal;
#[cfg(test)]
mod tests;
mod timestamp;

/// The schema of one type, ready to check values against.
pub struct Rules {
    pub(crate) schema: Value,
    components: HashMap<String, Value>,
    patterns: HashMap<String, Regex>,
}

type Cache = RwLock<HashMap<TypeId, &'static Rules>>;

impl Rules {
    /// The rules of `T`, made once and kept for the life of the process.
    pub fn of<T: ToSchema + 'static>() -> &'static Self {
        static CACHE: LazyLock<Cache> = LazyLock::new(RwLock::default);
        let key = TypeId::of::<T>();
        let known = CACHE.read().ok().and_then(|cache| cache.get(&key).copied());
        known.unwrap_or_else(|| {
            let rules: &'static Self = Box::leak(Box::new(Self::new::<T>()));
            if let Ok(mut cache) = CACHE.write() {
                cache.insert(key, rules);
            }
            rules
        })
    }

    fn new<T: ToSchema + PartialSchema>() -> Self {
        let json = |schema: &RefOr<Schema>| serde_json::to_value(schema).unwrap_or_default();
        let mut used = Vec::new();
        T::schemas(&mut used);
        let named = |(name, schema): &(String, RefOr<Schema>)| {
            let reference = format!("#/components/schemas/{name}");
            (reference, json(schema))
        };
        let schema = json(&T::schema());
        let components: HashMap<String, Value> = used.iter().map(named).collect();
        let mut patterns = HashMap::new();
        for schema in components.values().chain([&schema]) {
            collect_patterns(schema, &mut patterns);
        }
        Self {
            schema,
            components,
            patterns,
        }
    }

    /// Everything that is wrong with a body, one entry per field; empty if nothing is.
    pub fn check(&self, body: &Value) -> Vec<FieldError> {
        let Value::Object(body) = body else {
            return vec![FieldError::new("", "must be an object")];
        };
        let none = Map::new();
        let fields = self.schema["properties"].as_object().unwrap_or(&none);
        let required = self.schema["required"].as_array().into_iter().flatten();

        let missing = required
            .filter_map(Value::as_str)
            .filter(|name| !body.contains_key(*name))
            .map(|name| FieldError::new(name, "is missing"));
        let unknown = body
            .keys()
            .filter(|name| !fields.contains_key(*name))
            .map(|name| FieldError::new(name, "is not a field"));
        let wrong = body.iter().filter_map(|(name, value)| {
            let complaint = self.complaint(fields.get(name)?, value)?;
            Some(FieldError::new(name, complaint))
        });
        missing.chain(unknown).chain(wrong).collect()
    }

    /// The first thing that is wrong with one value.
    pub(crate) fn complaint(&self, schema: &Value, value: &Value) -> Option<String> {
        let reference = schema["$ref"].as_str();
        if let Some(target) = reference.and_then(|name| self.components.get(name)) {
            return self.complaint(target, value);
        }
        // Schemas use `oneOf` for what is optional: null, or what it is otherwise.
        if let Some(choices) = schema["oneOf"].as_array() {
            let is_null = |choice: &&Value| choice["type"] == "null";
            if value.is_null() && choices.iter().any(|choice| is_null(&choice)) {
                return None;
            }
            let otherwise = choices.iter().find(|choice| !is_null(choice))?;
            return self.complaint(otherwise, value);
        }
        checks::complaint(schema, value, &self.patterns)
    }
}

/// Patterns are compiled once, not with every request.
fn collect_patterns(schema: &Value, patterns: &mut HashMap<String, Regex>) {
    let Value::Object(members) = schema else {
        return;
    };
    if let Some(pattern) = schema["pattern"].as_str()
        && let Ok(regex) = Regex::new(pattern)
    {
        patterns.insert(pattern.to_owned(), regex);
    }
    for member in members.values() {
        collect_patterns(member, patterns);
    }
}
