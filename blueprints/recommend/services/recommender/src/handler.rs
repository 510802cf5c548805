//! What this service does about events: it remembers who has looked at what, and bought it.

use anyhow::bail;
use chassis::inbox::Handler;
use chassis::{CloudEvent, Transaction};
use serde::Deserialize;
use sqlx::types::Uuid;

use crate::clients::Clients;
use crate::recommend::store::{self, Action};

/// The handlers of all events that this service subscribes to.
#[derive(Clone)]
pub struct Events {
    pub clients: Clients,
}

/// What `view.created` and `order.created` tell.
#[derive(Debug, Deserialize)]
struct Told {
    user: Uuid,
    product: Uuid,
}

impl Handler for Events {
    const TYPES: &'static [&'static str] = &["view.created", "order.created"];

    async fn handle(
        &self,
        transaction: &mut Transaction,
        event: &CloudEvent,
    ) -> anyhow::Result<()> {
        let action = match event.kind.as_str() {
            "view.created" => Action::Viewed,
            "order.created" => Action::Bought,
            other => bail!("{other} has no handler"),
        };
        let told = Told::deserialize(&event.data)?;
        store::keep(transaction, told.user, told.product, action).await?;
        Ok(())
    }
}
