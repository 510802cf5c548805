//! What this service does about events: it notes what was paid with which card.

use anyhow::Context;
use chassis::cache::Redis;
use chassis::inbox::Handler;
use chassis::{CloudEvent, Decimal, Timestamp, Transaction};
use serde::Deserialize;
use sqlx::types::Uuid;

use crate::store;
use crate::window::Movement;

/// The handlers of all events that this service subscribes to.
#[derive(Clone)]
pub struct Events {
    pub cache: Redis,
}

/// What there is to know of a transaction.
#[derive(Debug, Deserialize)]
struct Assessed {
    transaction: Uuid,
    card: String,
    amount: Decimal<18, 2>,
    country: String,
    at: Timestamp,
}

impl Handler for Events {
    const TYPES: &'static [&'static str] = &["transaction.assessed"];

    async fn handle(
        &self,
        transaction: &mut Transaction,
        event: &CloudEvent,
    ) -> anyhow::Result<()> {
        let assessed = Assessed::deserialize(&event.data).context("the event lacks something")?;
        let movement = Movement {
            transaction_id: assessed.transaction,
            at: assessed.at,
            amount: assessed.amount,
            country: assessed.country,
        };
        // Declined ones count, too: who tries twenty times in vain tells something.
        store::insert(transaction, &assessed.card, &movement).await?;
        Ok(())
    }

    /// Takes the card out of the cache now that its movement can be seen: before that, somebody
    /// else might have the state without it cached again.
    async fn done(&self, event: &CloudEvent) {
        if let Some(card) = event.data["card"].as_str() {
            store::forget(&self.cache, card).await;
        }
    }
}
