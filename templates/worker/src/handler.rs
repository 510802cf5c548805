//! What this service does about events: the place for your code.

use anyhow::bail;
use chassis::inbox::Handler;
use chassis::{CloudEvent, Transaction};

{% if clients -%}
use crate::clients::Clients;
{% endif -%}
use crate::tally;

/// The handlers of all events that this service subscribes to.
{%- if clients %}
pub struct Events {
    pub clients: Clients,
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
/// A sample, to be replaced: counts these events. All that it writes within the transaction is kept
/// if it returns `Ok`, and nothing of it if it fails; then it is called again later.
async fn {= event.function =}(transaction: &mut Transaction, event: &CloudEvent) -> anyhow::Result<()> {
    tally::count(transaction, &event.kind).await?;
    Ok(())
}
{% endfor -%}
