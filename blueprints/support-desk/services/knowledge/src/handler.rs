//! What this service does about events.

use anyhow::bail;
use chassis::inbox::Handler;
use chassis::{CloudEvent, Transaction};

use crate::rating;

/// The handlers of all events that this service subscribes to.
pub struct Events;

impl Handler for Events {
    const TYPES: &'static [&'static str] = &["answer.rated"];

    async fn handle(
        &self,
        transaction: &mut Transaction,
        event: &CloudEvent,
    ) -> anyhow::Result<()> {
        match event.kind.as_str() {
            "answer.rated" => rating::keep(transaction, event).await,
            other => bail!("{other} has no handler"),
        }
    }
}
