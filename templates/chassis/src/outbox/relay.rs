//! Sends what is stored, in order, until it has arrived.

use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBuilder};
use chrono::TimeDelta;
use metrics::{Counter, Gauge};
use tokio::time::{MissedTickBehavior, interval, sleep, timeout};
use tokio_util::sync::CancellationToken;

use super::http::Http;
use super::nats::Nats;
use super::store::{self, Batch};
use super::{Settings, WRITTEN};
use crate::cloud_event::CloudEvent;
use crate::{Database, Timestamp};

/// How long an event waits at most when nobody says that it is there: another replica wrote it.
const LOOK: Duration = Duration::from_secs(1);

/// How often it is looked how much waits, and old events are deleted.
const CARE: Duration = Duration::from_secs(5);

/// How events are sent.
enum Transport {
    Http(Http),
    Nats(Box<Nats>),
}

/// The task that sends.
pub(super) struct Relay {
    transport: Transport,
    source: String,
    database: Database,
    sent: Counter,
    failures: Counter,
}

impl Relay {
    /// `None` where nobody is to get events.
    pub(super) fn new(settings: &Settings, source: String, database: Database) -> Option<Self> {
        let transport = if settings.nats_url.is_empty() {
            Transport::Http(Http::new(&settings.subscribers)?)
        } else {
            Transport::Nats(Box::new(Nats::new(&settings.nats_url)))
        };
        metrics::describe_counter!("outbox_sent_total", "Events that have arrived.");
        metrics::describe_counter!("outbox_failures_total", "Attempts to send that failed.");
        Some(Self {
            transport,
            source,
            database,
            sent: metrics::counter!("outbox_sent_total"),
            failures: metrics::counter!("outbox_failures_total"),
        })
    }

    pub(super) async fn run(mut self, stop: CancellationToken) {
        let mut pauses = pauses();
        while !stop.is_cancelled() {
            match self.pass(&stop).await {
                Ok(more) => {
                    pauses = self::pauses();
                    if !more {
                        let written = timeout(LOOK, WRITTEN.notified());
                        stop.run_until_cancelled(written).await;
                    }
                }
                Err(error) => {
                    self.failures.increment(1);
                    let pause = pauses.next().unwrap_or(LOOK);
                    let milliseconds = u64::try_from(pause.as_millis()).unwrap_or(u64::MAX);
                    tracing::warn!(error = %format_args!("{error:#}"), milliseconds, "events wait");
                    stop.run_until_cancelled(sleep(pause)).await;
                }
            }
        }
    }

    /// Sends what waits; tells whether there may be more.
    async fn pass(&mut self, stop: &CancellationToken) -> anyhow::Result<bool> {
        let Some(batch) = Batch::take(&self.database).await? else {
            return Ok(false);
        };
        let mut sent = Vec::new();
        let mut outcome = Ok(!batch.events.is_empty());
        for stored in &batch.events {
            if stop.is_cancelled() {
                break;
            }
            // The next ones wait behind one that fails, for the order is kept.
            let event = stored.to_cloud_event(&self.source);
            if let Err(error) = self.transport.send(&event).await {
                outcome = Err(error.context(format!("could not send {} {}", event.kind, event.id)));
                break;
            }
            sent.push(stored.position);
        }
        batch.sent(&self.database, &sent).await?;
        self.sent.increment(sent.len() as u64);
        outcome
    }
}

impl Transport {
    async fn send(&mut self, event: &CloudEvent) -> anyhow::Result<()> {
        match self {
            Self::Http(http) => http.send(event).await,
            Self::Nats(nats) => nats.send(event).await,
        }
    }
}

/// How long to wait after a failure, and after the next: longer and longer, but never in step with
/// others.
fn pauses() -> impl Iterator<Item = Duration> {
    ExponentialBuilder::default()
        .with_min_delay(Duration::from_millis(100))
        .with_max_delay(Duration::from_secs(30))
        .without_max_times()
        .with_jitter()
        .build()
}

/// Tells how much waits, and deletes what was sent long ago.
pub(super) struct Housekeeper {
    database: Database,
    retention: Duration,
    waiting: Gauge,
    oldest: Gauge,
}

impl Housekeeper {
    pub(super) fn new(database: Database, retention: Duration) -> Self {
        metrics::describe_gauge!("outbox_waiting", "Events that were not sent yet.");
        metrics::describe_gauge!("outbox_oldest_seconds", "Age of the oldest of them.");
        Self {
            database,
            retention,
            waiting: metrics::gauge!("outbox_waiting"),
            oldest: metrics::gauge!("outbox_oldest_seconds"),
        }
    }

    pub(super) async fn run(self, stop: CancellationToken) {
        let mut ticks = interval(CARE);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        while stop.run_until_cancelled(ticks.tick()).await.is_some() {
            if let Err(error) = self.look().await {
                tracing::warn!(%error, "cannot look after the outbox");
            }
        }
    }

    async fn look(&self) -> Result<(), sqlx::Error> {
        let now = Timestamp::now();
        let lag = store::lag(&self.database).await?;
        let age = lag.oldest.map(|oldest| now.get() - oldest.get());
        self.waiting.set(f64::from(lag.waiting));
        self.oldest.set(age.map_or(0.0, TimeDelta::as_seconds_f64));
        store::prune(&self.database, Timestamp::from(now.get() - self.retention)).await
    }
}
