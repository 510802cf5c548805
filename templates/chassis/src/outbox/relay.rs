//! Sends what is in the queues, in order, until it has arrived.

use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBuilder};
use metrics::Counter;
use tokio::sync::watch;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

use super::WRITTEN;
use super::queue::{self, Batch};
use super::receiver::Receiver;
use crate::Database;

/// How long an event waits at most when nobody says that it is there: another replica wrote it.
const LOOK: Duration = Duration::from_secs(1);

/// The task that puts what was written into the queues.
pub(super) struct Distributor {
    receivers: Vec<String>,
    nats: bool,
    database: Database,
    /// Tells relays that there is something.
    queued: watch::Sender<()>,
}

impl Distributor {
    pub(super) fn new(receivers: &[Receiver], database: Database) -> Self {
        Self {
            receivers: receivers.iter().map(|r| r.queue().to_owned()).collect(),
            nats: matches!(receivers, [Receiver::Nats(_)]),
            database,
            queued: watch::Sender::default(),
        }
    }

    pub(super) fn subscribe(&self) -> watch::Receiver<()> {
        self.queued.subscribe()
    }

    pub(super) async fn run(self, stop: CancellationToken) {
        let kept = queue::keep(&self.database, &self.receivers, self.nats).await;
        if let Err(error) = kept {
            tracing::warn!(%error, "cannot look after the queues of events");
        }
        while !stop.is_cancelled() {
            match queue::fill(&self.database, &self.receivers).await {
                Ok(true) => {
                    self.queued.send_replace(());
                    continue;
                }
                Ok(false) => {}
                Err(error) => tracing::warn!(%error, "cannot put events into their queues"),
            }
            let written = timeout(LOOK, WRITTEN.notified());
            stop.run_until_cancelled(written).await;
        }
    }
}

/// The task that sends what is in one queue.
pub(super) struct Relay {
    receiver: Receiver,
    source: String,
    database: Database,
    queued: watch::Receiver<()>,
    sent: Counter,
    failures: Counter,
}

impl Relay {
    pub(super) fn new(
        receiver: Receiver,
        source: &str,
        database: Database,
        queued: watch::Receiver<()>,
    ) -> Self {
        metrics::describe_counter!("outbox_sent_total", "Events that have arrived.");
        metrics::describe_counter!("outbox_failures_total", "Attempts to send that failed.");
        let labels = [("receiver", receiver.label())];
        Self {
            receiver,
            source: source.to_owned(),
            database,
            queued,
            sent: metrics::counter!("outbox_sent_total", &labels),
            failures: metrics::counter!("outbox_failures_total", &labels),
        }
    }

    pub(super) async fn run(mut self, stop: CancellationToken) {
        let mut pauses = pauses();
        while !stop.is_cancelled() {
            match self.pass(&stop).await {
                Ok(more) => {
                    pauses = self::pauses();
                    if !more {
                        let queued = timeout(LOOK, self.queued.changed());
                        stop.run_until_cancelled(queued).await;
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
        let Some(batch) = Batch::take(&self.database, self.receiver.queue()).await? else {
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
            if let Err(error) = self.receiver.send(&event).await {
                outcome = Err(error.context(format!("could not send {} {}", event.kind, event.id)));
                break;
            }
            sent.push(stored.position);
        }
        let queue = self.receiver.queue();
        batch.arrived(&self.database, queue, &sent).await?;
        self.sent.increment(sent.len() as u64);
        outcome
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
