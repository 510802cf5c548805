//! What this service does about events: it keeps the models that training publishes. Whether one is
//! taken over is up to `current`.

use chassis::inbox::Handler;
use chassis::{CloudEvent, Transaction};
use serde::Deserialize;
use sqlx::types::JsonValue;

use crate::clients::Clients;
use crate::store;

/// The handlers of all events that this service subscribes to.
#[derive(Clone)]
pub struct Events {
    pub clients: Clients,
}

/// What training tells.
#[derive(Debug, Deserialize)]
struct Candidate {
    id: i64,
    document: JsonValue,
    metrics: JsonValue,
}

impl Handler for Events {
    const TYPES: &'static [&'static str] = &["candidate.created"];

    async fn handle(
        &self,
        transaction: &mut Transaction,
        event: &CloudEvent,
    ) -> anyhow::Result<()> {
        match Candidate::deserialize(&event.data) {
            Ok(Candidate {
                id,
                document,
                metrics,
            }) => {
                store::insert_model(transaction, id, &document, &metrics).await?;
            }
            // It gets no better by being tried again.
            Err(error) => tracing::warn!(%error, id = event.id, "this is no candidate"),
        }
        Ok(())
    }
}
