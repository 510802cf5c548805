//! The parameters of a list that are its own, held to a schema as bodies are.

use serde_json::{Map, Value};

use crate::problem::FieldError;
use crate::schema::Rules;

impl Rules {
    /// The parameters as an object, or one entry for each that is not as the schema has it.
    ///
    /// # Errors
    /// Names all that is wrong.
    pub(super) fn read_query(
        &self,
        pairs: Vec<(String, String)>,
    ) -> Result<Value, Vec<FieldError>> {
        let (mut object, mut errors) = (Map::new(), Vec::new());
        for (name, text) in pairs {
            match self.parameter(&name, text, &object) {
                Ok(value) => {
                    object.insert(name, value);
                }
                Err(complaint) => errors.push(FieldError::new(name, complaint)),
            }
        }
        if errors.is_empty() {
            Ok(Value::Object(object))
        } else {
            Err(errors)
        }
    }

    fn parameter(
        &self,
        name: &str,
        text: String,
        before: &Map<String, Value>,
    ) -> Result<Value, String> {
        let schema = &self.schema["properties"][name];
        if schema.is_null() {
            return Err("is not a parameter".to_owned());
        }
        if before.contains_key(name) {
            return Err("must be given only once".to_owned());
        }
        let value = typed(schema, text)?;
        match self.complaint(schema, &value) {
            None => Ok(value),
            Some(complaint) => Err(complaint),
        }
    }
}

/// Queries are text: numbers and truth values are read where the schema asks for them.
fn typed(schema: &Value, text: String) -> Result<Value, String> {
    let is = |name: &str| match &schema["type"] {
        Value::Array(names) => names.iter().any(|known| known == name),
        known => known == name,
    };
    if is("integer") {
        let number = text.parse::<i64>().map(Value::from);
        number.map_err(|_| "must be a whole number".to_owned())
    } else if is("boolean") {
        let truth = text.parse::<bool>().map(Value::from);
        truth.map_err(|_| "must be true or false".to_owned())
    } else {
        Ok(Value::String(text))
    }
}
