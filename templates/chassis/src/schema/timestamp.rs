//! Moments in the OpenAPI document.

use utoipa::openapi::{KnownFormat, ObjectBuilder, RefOr, Schema, SchemaFormat, Type as JsonType};
use utoipa::{PartialSchema, ToSchema};

use crate::Timestamp;

impl PartialSchema for Timestamp {
    fn schema() -> RefOr<Schema> {
        let format = SchemaFormat::KnownFormat(KnownFormat::DateTime);
        ObjectBuilder::new()
            .schema_type(JsonType::String)
            .format(Some(format))
            .into()
    }
}

impl ToSchema for Timestamp {}
