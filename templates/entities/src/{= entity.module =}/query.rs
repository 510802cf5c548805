{% if entity.list -%}
{% set list = entity.list -%}
//! Which {= entity.titles =} a list holds, and in which order.

use chassis::{Database, {% if list.uses.decimal %}Decimal, {% endif %}Select{% if list.uses.timestamp %}, Timestamp{% endif %}};
{% if list.uses.date -%}
use chrono::NaiveDate;
{% endif -%}
{% if list.sorts -%}
use serde::{Deserialize, Serialize};
{% elif options.api == "http" -%}
use serde::Deserialize;
{% endif -%}
{% if options.api == "http" -%}
use utoipa::{IntoParams, ToSchema};
{% endif -%}
{% if list.uses.uuid -%}
use uuid::Uuid;
{% endif %}
{%- if list.model | length == 1 %}
use super::model::{= list.model[0] =};
{% else %}
use super::model::{{= list.model | join(sep=", ") =}};
{% endif %}
const LIST: &str = r#"
    SELECT {= entity.sql.select =}
    FROM {= entity.sql.table =}
"#;

/// What a client may ask of the list, besides a page of it.
{% if options.api == "http" -%}
#[derive(Debug, Deserialize, IntoParams, ToSchema)]
#[into_params(parameter_in = Query)]
{% else -%}
#[derive(Debug)]
{% endif -%}
pub struct {= entity.pascal =}Query {
{%- for filter in list.filters %}
    /// Only {= entity.titles =} with this `{= filter.name =}`.
{%- if filter.inline and options.api == "http" %}
    #[param(inline)]
{%- endif %}
    pub {= filter.identifier =}: Option<{= filter.base =}>,
{%- endfor %}
{%- if list.sorts %}
{%- if options.api == "http" %}
    /// What to sort by; `-` before it turns the order round. Without it, the oldest come first.
    #[param(inline)]
{%- else %}
    /// What to sort by. Without it, the oldest come first.
{%- endif %}
    pub sort: Option<{= entity.pascal =}Sort>,
{%- endif %}
}

impl {= entity.pascal =}Query {
    /// Up to `rows` {= entity.titles =} that are asked for, from behind `after`.
{%- if list.sorts %}
    pub async fn select(&self, db: &Database, after: Option<&{= entity.pascal =}Cursor>, rows: i64) -> Result<Vec<{= entity.pascal =}>, sqlx::Error> {
{%- else %}
    pub async fn select(&self, db: &Database, after: Option<{= entity.id.rust =}>, rows: i64) -> Result<Vec<{= entity.pascal =}>, sqlx::Error> {
{%- endif %}
        let mut select = Select::new(db, LIST);
{%- for filter in list.filters %}
        select.filter("{= filter.name =}", {= filter.argument =});
{%- endfor %}
{%- if list.sorts %}
        match self.sort {
            None => select.by_id(after.map(|last| last.id)),
{%- for sort in list.sorts %}
            Some({= entity.pascal =}Sort::{= sort.variant =}) => {
                select.ascending("{= sort.name =}", after.map(|last| ({= sort.of_last =}, last.id)));
            }
            Some({= entity.pascal =}Sort::{= sort.variant =}Descending) => {
                select.descending("{= sort.name =}", after.map(|last| ({= sort.of_last =}, last.id)));
            }
{%- endfor %}
        }
{%- else %}
        select.by_id(after);
{%- endif %}
        select.fetch(rows).await
    }
}
{%- if list.sorts %}

/// What {= entity.titles =} can be sorted by.
{% if options.api == "http" -%}
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
{% else -%}
#[derive(Debug, Clone, Copy)]
{% endif -%}
pub enum {= entity.pascal =}Sort {
{%- for sort in list.sorts %}
{%- if options.api == "http" %}
    #[serde(rename = "{= sort.name =}")]
{%- endif %}
    {= sort.variant =},
{%- if options.api == "http" %}
    #[serde(rename = "-{= sort.name =}")]
{%- endif %}
    {= sort.variant =}Descending,
{%- endfor %}
}
{%- if options.api == "grpc" %}

impl {= entity.pascal =}Sort {
    /// As the field `order_by` of a message has it.
    pub fn parse(order: &str) -> Option<Self> {
        Some(match order {
{%- for sort in list.sorts %}
            "{= sort.name =}" => Self::{= sort.variant =},
            "{= sort.name =} desc" => Self::{= sort.variant =}Descending,
{%- endfor %}
            _ => return None,
        })
    }
}
{%- endif %}

/// Where {= entity.an =} stands in the list, whatever that is sorted by.
#[derive(Debug, Serialize, Deserialize)]
pub struct {= entity.pascal =}Cursor {
    pub id: {= entity.id.rust =},
{%- for sort in list.sorts %}
    pub {= sort.identifier =}: {= sort.rust =},
{%- endfor %}
}

impl {= entity.pascal =}Cursor {
    /// Where this entry stands.
    pub fn of(entry: &{= entity.pascal =}) -> Self {
        Self {
            id: entry.id,
{%- for sort in list.sorts %}
            {= sort.identifier =}: {= sort.of_entry =},
{%- endfor %}
        }
    }
}
{%- endif %}
{% endif -%}
