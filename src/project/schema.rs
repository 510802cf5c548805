//! The JSON Schema of msvc.yaml, for editors.

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema};
use serde::{Deserialize, Serialize};

use super::{Service, System};

/// Any document that a project file may hold.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
#[schemars(title = "msvc.yaml")]
enum Document {
    /// One service.
    Service(Box<Service>),
    /// A system of services.
    System(System),
}

/// The schema of msvc.yaml (JSON Schema draft 2020-12).
#[must_use]
pub fn project_schema() -> Schema {
    SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<Document>()
}
