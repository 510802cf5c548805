//! What this service does about events: each question that waits for a person becomes a ticket.

use chassis::inbox::Handler;
use chassis::{CloudEvent, Transaction};

use crate::clients::Clients;
use crate::ticket;

/// The handlers of all events that this service subscribes to.
#[derive(Clone)]
pub struct Events {
    pub clients: Clients,
}

impl Handler for Events {
    const TYPES: &'static [&'static str] = &["question.escalated", "question.closed"];

    async fn handle(
        &self,
        transaction: &mut Transaction,
        event: &CloudEvent,
    ) -> anyhow::Result<()> {
        ticket::handle(transaction, event).await
    }
}
