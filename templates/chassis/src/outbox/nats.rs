//! Events by NATS JetStream, which keeps them for those who are away.

use async_nats::jetstream;
use async_nats::jetstream::message::PublishMessage;

use crate::cloud_event::{self, CloudEvent};
use crate::nats;

/// Sends to the stream.
pub(super) struct Nats {
    url: String,
    stream: Option<jetstream::Context>,
}

impl Nats {
    /// The connection is made with the first event, and again when it was lost.
    pub(super) fn new(url: &str) -> Self {
        Self {
            url: url.to_owned(),
            stream: None,
        }
    }

    /// Sends an event and waits until it is stored.
    pub(super) async fn send(&mut self, event: &CloudEvent) -> anyhow::Result<()> {
        let stream = match &self.stream {
            Some(stream) => stream,
            None => self.stream.insert(nats::connect(&self.url).await?.0),
        };
        let message = PublishMessage::build()
            // JetStream drops what comes a second time within two minutes.
            .message_id(&event.id)
            .payload(serde_json::to_vec(event)?.into())
            .header("content-type", cloud_event::CONTENT_TYPE);
        let subject = nats::subject(&event.kind);
        stream.send_publish(subject, message).await?.await?;
        Ok(())
    }
}
