//! {= entity.An =} as it is stored and shown, and as clients send it.

{% if entity.uses.decimal -%}
use chassis::{Decimal, Timestamp, Version};
{% else -%}
use chassis::{Timestamp, Version};
{% endif -%}
{% if entity.uses.date -%}
use chrono::NaiveDate;
{% endif -%}
{% if options.api == "http" or options.cache != "none" or entity.uses.sorted_enum -%}
use serde::{Deserialize, Serialize};
{% endif -%}
{% if entity.uses.json -%}
use serde_json::Value;
{% endif -%}
use sqlx::FromRow;
{% if options.api == "http" -%}
use utoipa::ToSchema;
{% if entity.uses.schema_function -%}
use utoipa::openapi::ObjectBuilder;
{% endif -%}
{% endif -%}
{% if entity.uses.uuid -%}
use uuid::Uuid;
{% endif %}
/// {= entity.An =}.
#[derive(Debug, Clone, {% if options.api == "http" or options.cache != "none" %}Serialize, {% endif %}{% if options.cache != "none" %}Deserialize, {% endif %}FromRow{% if options.api == "http" %}, ToSchema{% endif %})]
pub struct {= entity.pascal =} {
    pub id: {= entity.id.rust =},
{%- for field in entity.fields %}
    pub {= field.identifier =}: {= field.rust =},
{%- endfor %}
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
{%- if options.api == "http" %}
    /// Clients see it as the `ETag`.
    #[serde(skip)]
{%- else %}
    /// Clients see it as the `etag`.
{%- if options.cache != "none" %}
    #[serde(skip)]
{%- endif %}
{%- endif %}
    pub row_version: Version,
}

/// What a client decides about {= entity.an =}.
{%- if options.api == "http" %}
//
// The rules in `schema` are shown in the OpenAPI document, and every request is held to them.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
{%- else %}
#[derive(Debug, Clone)]
{%- endif %}
pub struct {= entity.pascal =}Input {
{%- for field in entity.fields %}
{%- if options.api == "http" %}
{%- for attribute in field.attributes %}
    {= attribute =}
{%- endfor %}
{%- endif %}
    pub {= field.identifier =}: {= field.rust =},
{%- endfor %}
}
{%- if options.api == "http" %}
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
{%- endif %}
{%- for field in entity.fields %}
{%- if field.enum %}

/// {= field.enum.description =}
{%- if options.api == "grpc" %}
{%- if field.sort or options.cache != "none" %}
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type)]
{%- else %}
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::Type)]
{%- endif %}
{%- elif field.enum.default %}
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, ToSchema,
)]
{%- else %}
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, ToSchema)]
{%- endif %}
{%- if field.enum.renamed %}
#[sqlx(type_name = "TEXT")]
{%- else %}
{%- if options.api == "http" or options.cache != "none" or field.sort %}
#[serde(rename_all = "snake_case")]
{%- endif %}
#[sqlx(type_name = "TEXT", rename_all = "snake_case")]
{%- endif %}
{%- if field.enum.default and options.api == "http" %}
#[schema(default = "{= field.enum.default =}")]
{%- endif %}
pub enum {= field.enum.name =} {
{%- for variant in field.enum.variants %}
{%- if variant.default and options.api == "http" %}
    #[default]
{%- endif %}
{%- if field.enum.renamed %}
{%- if options.api == "http" or options.cache != "none" or field.sort %}
    #[serde(rename = "{= variant.value =}")]
{%- endif %}
    #[sqlx(rename = "{= variant.value =}")]
{%- endif %}
    {= variant.name =},
{%- endfor %}
}
{%- endif %}
{%- endfor %}
