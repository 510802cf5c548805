//! What this service does about events: the place for your code.

use anyhow::bail;
{% if options.cache != "none" -%}
use chassis::cache::{= options.cache | pascal =};
{% endif -%}
use chassis::inbox::Handler;
use chassis::{CloudEvent, Transaction};

{% if clients -%}
use crate::clients::Clients;
{% endif -%}
{% if options.api == "worker" -%}
use crate::tally;

{% elif clients %}
{% endif -%}
/// The handlers of all events that this service subscribes to.
{%- if clients or options.cache != "none" %}
#[derive(Clone)]
{%- endif %}
{%- if clients or options.cache != "none" %}
pub struct Events {
{%- if options.cache != "none" %}
    pub cache: {= options.cache | pascal =},
{%- endif %}
{%- if clients %}
    pub clients: Clients,
{%- endif %}
}
{%- else %}
pub struct Events;
{%- endif %}

impl Handler for Events {
    const TYPES: &'static [&'static str] = &{= subscribes.types =};

    async fn handle(
        &self,
        transaction: &mut Transaction,
        event: &CloudEvent,
    ) -> anyhow::Result<()> {
        match event.kind.as_str() {
{%- for event in subscribes.all %}
            "{= event.type =}" => {= event.function =}(transaction, event).await,
{%- endfor %}
            other => bail!("{other} has no handler"),
        }
    }
}
{% for event in subscribes.all %}
{%- if options.api == "worker" %}
/// A sample, to be replaced: counts these events. All that it writes within the transaction is kept
/// if it returns `Ok`, and nothing of it if it fails; then it is called again later.
async fn {= event.function =}(transaction: &mut Transaction, event: &CloudEvent) -> anyhow::Result<()> {
    tally::count(transaction, &event.kind).await?;
    Ok(())
}
{%- else %}
/// A sample, to be replaced: only logs. All that it writes within the transaction is kept if it
/// returns `Ok`, and nothing of it if it fails; then it is called again later.
#[allow(clippy::unused_async, reason = "yours will wait for the database")]
async fn {= event.function =}(_transaction: &mut Transaction, event: &CloudEvent) -> anyhow::Result<()> {
    tracing::info!(subject = event.subject, "heard of");
    Ok(())
}
{%- endif %}
{% endfor -%}
