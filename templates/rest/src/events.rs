//! The events that this service publishes, as msvc.yaml declares them.

use chassis::{= events.chassis =};
{% if events.uses.date -%}
use chrono::NaiveDate;
{% endif -%}
use serde::Serialize;
{% if events.uses.json -%}
use serde_json::Value;
{% endif -%}
{% if events.uses.uuid -%}
use uuid::Uuid;
{% endif -%}
{% if events.imports | length > 0 %}
{% for import in events.imports -%}
use {= import =};
{% endfor -%}
{% endif -%}
{% for event in events.all %}
/// `{= event.type =}`.
#[derive(Debug, Clone, Serialize)]
pub struct {= event.pascal =} {
{%- for field in event.fields %}
    pub {= field.identifier =}: {= field.rust =},
{%- endfor %}
}

impl outbox::Event for {= event.pascal =} {
    const TYPE: &'static str = "{= event.type =}";

    fn subject(&self) -> Option<String> {
        {= event.subject =}
    }
}
{% if event.entity %}
impl From<&{= event.entity.pascal =}> for {= event.pascal =} {
    fn from({= event.entity.variable =}: &{= event.entity.pascal =}) -> Self {
        Self {= event.entity.members =}
    }
}
{% endif -%}
{% endfor -%}
