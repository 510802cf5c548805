//! Events that come in, each of which takes effect once, however often it is sent: it is stored
//! when it arrives, and marked as done in the transaction of its effect. One that fails is tried
//! again, later and later; after too many attempts it is a dead letter, for a person to look at.

use std::time::Duration;

use tokio::sync::Notify;

use crate::background::Background;
use crate::{CloudEvent, Database, Transaction, settings};

mod care;
mod dead_letters;
mod nats;
mod receive;
mod store;
mod work;

pub use dead_letters::routes as management;
pub use receive::{Incoming, routes};

/// What this service does about events.
pub trait Handler: Send + Sync + 'static {
    /// The events that it handles; all others are passed over.
    const TYPES: &'static [&'static str];

    /// Does what one event asks for, within a transaction: if it fails, nothing of it was done.
    ///
    /// What it does elsewhere, such as a call to another service, may be done again.
    fn handle(
        &self,
        transaction: &mut Transaction,
        event: &CloudEvent,
    ) -> impl Future<Output = anyhow::Result<()>> + Send;

    /// Does what has to wait until others can see what was done, such as to take records out of a
    /// cache. It is called once after each event, and not at all if the process ends before that.
    fn done(&self, _event: &CloudEvent) -> impl Future<Output = ()> + Send {
        async {}
    }
}

/// Where events come from, and how often they are tried.
#[derive(Debug, Clone)]
pub struct Settings {
    /// A NATS server with JetStream; empty for none. Events come over HTTP in any case.
    pub nats_url: String,
    /// Attempts at an event until it is a dead letter.
    pub attempts: u32,
    /// Events that a replica works on at the same time; on SQLite it is always one.
    pub concurrency: u32,
    /// For how long events are known after they were handled, so that they are not again.
    pub retention: Duration,
}

impl Settings {
    /// Reads those that were set.
    pub fn read(given: &mut settings::Settings) -> Self {
        Self {
            nats_url: given.get("NATS_URL", String::new()),
            attempts: given.get("EVENT_ATTEMPTS", 10),
            concurrency: given.get("EVENT_CONCURRENCY", 4),
            retention: given.seconds("EVENT_RETENTION", Duration::from_hours(7 * 24)),
        }
    }
}

/// Starts to handle what was stored, and to fetch what there is at NATS under the name `consumer`.
pub fn start<H: Handler>(
    handler: H,
    settings: &Settings,
    consumer: &'static str,
    database: &Database,
    background: &Background,
) {
    work::start(handler, settings, database, background);
    let (data, retention) = (database.clone(), settings.retention);
    background.spawn(move |stop| care::run(data, retention, stop));
    if !settings.nats_url.is_empty() {
        let fetch = nats::Fetch::new::<H>(&settings.nats_url, consumer, database.clone());
        background.spawn(|stop| fetch.run(stop));
    }
}

/// Stores an event, unless it was stored before.
pub async fn accept(database: &Database, event: &CloudEvent) -> Result<(), sqlx::Error> {
    if store::insert(database, event).await? {
        ARRIVED.notify_one();
    }
    Ok(())
}

static ARRIVED: Notify = Notify::const_new();
