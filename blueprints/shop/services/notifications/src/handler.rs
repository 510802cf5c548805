//! What this service does about events: everybody concerned is told, once.

use anyhow::bail;
use chassis::inbox::Handler;
use chassis::{CloudEvent, Transaction};

use crate::{note, tally};

/// The handlers of all events that this service subscribes to.
pub struct Events;

impl Handler for Events {
    const TYPES: &'static [&'static str] = &["order.confirmed", "order.cancelled", "stock.low"];

    async fn handle(
        &self,
        transaction: &mut Transaction,
        event: &CloudEvent,
    ) -> anyhow::Result<()> {
        if !Self::TYPES.contains(&event.kind.as_str()) {
            bail!("{} has no handler", event.kind);
        }
        tally::count(transaction, &event.kind).await?;
        note::write(transaction, event).await?;
        Ok(())
    }
}
