//! Values that are checked as a whole when they are read, so that the error names their place in the file.

use std::borrow::Cow;
use std::ops::Deref;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};

/// What must hold between the parts of a value.
pub trait Check {
    /// # Errors
    /// What is wrong, in one sentence.
    fn check(&self) -> Result<(), String>;
}

/// A `T` that passed its check.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[serde(transparent)]
pub struct Checked<T>(T);

impl<T: Check> Checked<T> {
    /// Checks a value that was not read from a file.
    ///
    /// # Errors
    /// What is wrong, in one sentence.
    pub fn new(value: T) -> Result<Self, String> {
        value.check().map(|()| Self(value))
    }
}

impl<T> Deref for Checked<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<'de, T: Deserialize<'de> + Check> Deserialize<'de> for Checked<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(T::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

impl<T: JsonSchema> JsonSchema for Checked<T> {
    fn schema_name() -> Cow<'static, str> {
        T::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        T::json_schema(generator)
    }
}
