//! Those that events are sent to.

use super::Settings;
use super::http::Http;
use super::nats::Nats;
use crate::cloud_event::CloudEvent;

/// One that gets all events.
pub(super) enum Receiver {
    Http(Http),
    Nats(Box<Nats>),
}

impl Receiver {
    /// All that the settings name.
    pub(super) fn all(settings: &Settings) -> Vec<Self> {
        if settings.nats_url.is_empty() {
            Http::all(&settings.subscribers).map(Self::Http).collect()
        } else {
            vec![Self::Nats(Box::new(Nats::new(&settings.nats_url)))]
        }
    }

    /// The name of its queue.
    pub(super) fn queue(&self) -> &str {
        match self {
            Self::Http(http) => http.address(),
            Self::Nats(_) => "nats",
        }
    }

    /// Who it is, for metrics.
    pub(super) fn label(&self) -> String {
        match self {
            Self::Http(http) => http.host(),
            Self::Nats(_) => "nats".to_owned(),
        }
    }

    /// Sends an event; it has arrived when this succeeds.
    pub(super) async fn send(&mut self, event: &CloudEvent) -> anyhow::Result<()> {
        match self {
            Self::Http(http) => http.send(event).await,
            Self::Nats(nats) => nats.send(event).await,
        }
    }
}
