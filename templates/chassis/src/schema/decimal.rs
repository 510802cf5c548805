//! Decimals in the OpenAPI document.

use std::borrow::Cow;

use utoipa::openapi::schema::{ObjectBuilder, SchemaFormat, SchemaType, Type as JsonType};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use crate::Decimal;

impl<const DIGITS: u32, const SCALE: u32> Decimal<DIGITS, SCALE> {
    /// The schema of what is accepted, to which a field may add a minimum and a maximum.
    #[must_use]
    pub fn input_schema() -> ObjectBuilder {
        let limit = 10_f64.powi((DIGITS - SCALE).cast_signed());
        Self::output_schema()
            .schema_type(SchemaType::from_iter([JsonType::String, JsonType::Number]))
            .exclusive_minimum(Some(-limit))
            .exclusive_maximum(Some(limit))
            .multiple_of(Some(10_f64.powi(-SCALE.cast_signed())))
    }

    /// The same for a field that may be null.
    #[must_use]
    pub fn optional_input_schema() -> ObjectBuilder {
        let types = [JsonType::String, JsonType::Number, JsonType::Null];
        Self::input_schema().schema_type(SchemaType::from_iter(types))
    }

    fn output_schema() -> ObjectBuilder {
        let whole = (DIGITS - SCALE).max(1);
        let fraction = if SCALE == 0 {
            String::new()
        } else {
            format!("(\\.[0-9]{{1,{SCALE}}})?")
        };
        ObjectBuilder::new()
            .schema_type(JsonType::String)
            .format(Some(SchemaFormat::Custom("decimal".to_owned())))
            .pattern(Some(format!("^-?[0-9]{{1,{whole}}}{fraction}$")))
    }
}

impl<const DIGITS: u32, const SCALE: u32> PartialSchema for Decimal<DIGITS, SCALE> {
    fn schema() -> RefOr<Schema> {
        Self::output_schema().into()
    }
}

impl<const DIGITS: u32, const SCALE: u32> ToSchema for Decimal<DIGITS, SCALE> {
    fn name() -> Cow<'static, str> {
        Cow::Owned(format!("Decimal{DIGITS}_{SCALE}"))
    }
}
