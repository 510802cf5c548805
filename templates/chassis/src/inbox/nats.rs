//! Events by NATS JetStream, which keeps them for as long as this service is away.

use std::time::Duration;

use async_nats::jetstream::consumer::{PullConsumer, pull};
use async_nats::jetstream::{AckKind, Message};
use futures_util::StreamExt;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use super::{Handler, accept};
use crate::{CloudEvent, Database, nats};

/// How long to wait until it is tried again to reach NATS.
const PAUSE: Duration = Duration::from_secs(2);

/// The task that takes events over into the inbox.
pub(super) struct Fetch {
    url: String,
    /// Replicas of a service share what there is, as they have one name.
    consumer: &'static str,
    types: &'static [&'static str],
    database: Database,
}

impl Fetch {
    pub(super) fn new<H: Handler>(url: &str, consumer: &'static str, database: Database) -> Self {
        Self {
            url: url.to_owned(),
            consumer,
            types: H::TYPES,
            database,
        }
    }

    pub(super) async fn run(self, stop: CancellationToken) {
        while !stop.is_cancelled() {
            if let Some(Err(error)) = stop.run_until_cancelled(self.fetch()).await {
                tracing::warn!(error = %format_args!("{error:#}"), "cannot fetch events from NATS");
            }
            stop.run_until_cancelled(sleep(PAUSE)).await;
        }
    }

    async fn fetch(&self) -> anyhow::Result<()> {
        let mut messages = self.consumer().await?.messages().await?;
        while let Some(message) = messages.next().await {
            self.take(message?).await?;
        }
        Ok(())
    }

    async fn consumer(&self) -> anyhow::Result<PullConsumer> {
        let (_, stream) = nats::connect(&self.url).await?;
        let config = pull::Config {
            durable_name: Some(self.consumer.to_owned()),
            filter_subjects: self.types.iter().map(|kind| nats::subject(kind)).collect(),
            ..pull::Config::default()
        };
        Ok(stream.create_consumer(config).await?)
    }

    /// A message is acknowledged when it is in the inbox: what is killed before that comes again.
    async fn take(&self, message: Message) -> anyhow::Result<()> {
        let acknowledgement = match wanted(&message.payload, self.types) {
            Ok(event) => {
                if let Some(event) = event {
                    accept(&self.database, &event).await?;
                }
                AckKind::Ack
            }
            Err(error) => {
                tracing::error!(%error, subject = %message.subject, "dropped what is no event");
                AckKind::Term
            }
        };
        let acknowledged = message.ack_with(acknowledgement).await;
        acknowledged.map_err(|error| anyhow::anyhow!(error))
    }
}

/// The event in a message, if it is of one of these types: a server older than 2.10 knows of one
/// subject only, and sends all.
fn wanted(payload: &[u8], types: &[&str]) -> serde_json::Result<Option<CloudEvent>> {
    let event: CloudEvent = serde_json::from_slice(payload)?;
    Ok(types.contains(&event.kind.as_str()).then_some(event))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_all_events_those_are_taken_that_are_handled() {
        let types = ["order.created", "order.paid"];
        let taken = |kind: &str| {
            let event = format!(r#"{{"specversion":"1.0","source":"/","id":"1","type":"{kind}"}}"#);
            wanted(event.as_bytes(), &types).unwrap().is_some()
        };
        assert!(taken("order.created") && taken("order.paid"));
        assert!(!taken("order.deleted") && !taken("order"));
        assert!(wanted(b"{}", &types).is_err());
    }
}
