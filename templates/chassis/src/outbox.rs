//! Events that leave the service, at least once each: they are stored in the transaction of the
//! change that they tell of, so there is neither a change without its event nor an event without
//! its change. Tasks send them afterwards, in order, to each receiver from a queue of its own.

use std::time::Duration;

use serde::Serialize;
use tokio::sync::Notify;

use self::receiver::Receiver;
use self::relay::{Distributor, Relay};
use crate::background::Background;
use crate::{Database, Transaction, settings};

mod care;
mod http;
mod nats;
mod queue;
mod receiver;
mod relay;
mod store;

pub use http::Subscribers;

/// Something that happened, as this service tells others.
pub trait Event: Serialize {
    /// Its name, such as `order.created`.
    const TYPE: &'static str;

    /// What it happened to: an id, as a rule.
    fn subject(&self) -> Option<String>;
}

/// Where events go.
#[derive(Debug, Clone)]
pub struct Settings {
    /// A NATS server with JetStream; empty for none. It goes before subscribers.
    pub nats_url: String,
    /// Those that get every event over HTTP.
    pub subscribers: Subscribers,
    /// For how long events are kept after they were sent.
    pub retention: Duration,
}

impl Settings {
    /// Reads those that were set.
    pub fn read(given: &mut settings::Settings) -> Self {
        Self {
            nats_url: given.get("NATS_URL", String::new()),
            subscribers: given.get("EVENT_SUBSCRIBERS", Subscribers::default()),
            retention: given.seconds("EVENT_RETENTION", Duration::from_hours(7 * 24)),
        }
    }
}

/// Stores an event with the change that it tells of; call [`wake`] when that is committed.
pub async fn write<E: Event>(transaction: &mut Transaction, event: &E) -> Result<(), sqlx::Error> {
    store::insert(transaction, event).await
}

/// Starts to send what was stored. `source` names this service to those who get its events.
pub fn start(settings: &Settings, source: &str, database: &Database, background: &Background) {
    let source = format!("/{source}");
    let housekeeper = care::Housekeeper::new(database.clone(), settings.retention);
    background.spawn(|stop| housekeeper.run(stop));
    let receivers = Receiver::all(settings);
    if receivers.is_empty() {
        tracing::info!("events are kept until EVENT_SUBSCRIBERS or NATS_URL says where they go");
        return;
    }
    let distributor = Distributor::new(&receivers, database.clone());
    for receiver in receivers {
        let relay = Relay::new(receiver, &source, database.clone(), distributor.subscribe());
        background.spawn(|stop| relay.run(stop));
    }
    background.spawn(|stop| distributor.run(stop));
}

static WRITTEN: Notify = Notify::const_new();

/// Says that an event was committed: without that, it is found within a second.
pub fn wake() {
    WRITTEN.notify_one();
}
