//! {= entity.An =} as it is stored and shown, and as clients send it.

{% if entity.uses.decimal -%}
use chassis::{Decimal, Timestamp, Version};
{% else -%}
use chassis::{Timestamp, Version};
{% endif -%}
{% if entity.uses.date -%}
use chrono::NaiveDate;
{% endif -%}
use serde::{Deserialize, Serialize};
{% if entity.uses.json -%}
use serde_json::Value;
{% endif -%}
use sqlx::FromRow;
use utoipa::ToSchema;
{% if entity.uses.schema_function -%}
use utoipa::openapi::ObjectBuilder;
{% endif -%}
{% if entity.uses.uuid -%}
use uuid::Uuid;
{% endif %}
/// {= entity.An =}.
#[derive(Debug, Clone, Serialize, FromRow, ToSchema)]
pub struct {= entity.pascal =} {
    pub id: {= entity.id.rust =},
{%- for field in entity.fields %}
    pub {= field.identifier =}: {= field.rust =},
{%- endfor %}
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    /// Clients see it as the `ETag`.
    #[serde(skip)]
    pub row_version: Version,
}

/// What a client decides about {= entity.an =}.
//
// The rules in `schema` are shown in the OpenAPI document, and every request is held to them.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct {= entity.pascal =}Input {
{%- for field in entity.fields %}
{%- for attribute in field.attributes %}
    {= attribute =}
{%- endfor %}
    pub {= field.identifier =}: {= field.rust =},
{%- endfor %}
}
{%- for field in entity.fields %}
{%- if field.default %}
{% if field.default.always_some %}
#[expect(
    clippy::unnecessary_wraps,
    reason = "serde asks for the type of the field"
)]
{%- endif %}
fn {= field.default.name =}() -> {= field.default.rust =} {
    {= field.default.value =}
}
{%- endif %}
{%- if field.schema %}

fn {= field.schema.name =}() -> ObjectBuilder {
{%- if field.schema.calls | length == 1 %}
    {= field.schema.of =}.{= field.schema.calls[0] =}
{%- else %}
    {= field.schema.of =}
{%- for call in field.schema.calls %}
        .{= call =}
{%- endfor %}
{%- endif %}
}
{%- endif %}
{%- endfor %}
{%- for field in entity.fields %}
{%- if field.enum %}

/// {= field.enum.description =}
{%- if field.enum.default %}
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, ToSchema,
)]
{%- else %}
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, ToSchema)]
{%- endif %}
{%- if field.enum.renamed %}
#[sqlx(type_name = "TEXT")]
{%- else %}
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "TEXT", rename_all = "snake_case")]
{%- endif %}
{%- if field.enum.default %}
#[schema(default = "{= field.enum.default =}")]
{%- endif %}
pub enum {= field.enum.name =} {
{%- for variant in field.enum.variants %}
{%- if variant.default %}
    #[default]
{%- endif %}
{%- if field.enum.renamed %}
    #[serde(rename = "{= variant.value =}")]
    #[sqlx(rename = "{= variant.value =}")]
{%- endif %}
    {= variant.name =},
{%- endfor %}
}
{%- endif %}
{%- endfor %}
