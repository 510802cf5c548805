//! Handles what has arrived, one event after the other, or several at a time.

use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBuilder};
use chrono::TimeDelta;
use futures_util::FutureExt;
use sqlx::query;
use tokio::time::{MissedTickBehavior, interval, sleep};
use tokio_util::sync::CancellationToken;

use super::store::{self, Due};
use super::{ARRIVED, Handler, Settings};
use crate::background::Background;
use crate::{Database, Timestamp, Transaction, execute};

/// How long an event waits at most when nobody says that it is there: another replica took it in,
/// or its next attempt is due.
const LOOK: Duration = Duration::from_secs(1);

/// How often it is looked how much waits, and old events are deleted.
const CARE: Duration = Duration::from_secs(5);

struct Worker<H> {
    handler: Arc<H>,
    database: Database,
    attempts: usize,
}

pub(super) fn start<H: Handler>(
    handler: H,
    settings: &Settings,
    database: &Database,
    background: &Background,
) {
    describe_metrics();
    let handler = Arc::new(handler);
    let workers = match database {
        Database::Sqlite { .. } => 1,
        Database::Postgres(_) => settings.concurrency.max(1),
    };
    for _ in 0..workers {
        let worker = Worker {
            handler: Arc::clone(&handler),
            database: database.clone(),
            attempts: settings.attempts as usize,
        };
        background.spawn(|stop| worker.run(stop));
    }
    let (database, retention) = (database.clone(), settings.retention);
    background.spawn(move |stop| keep_house(database, retention, stop));
}

impl<H: Handler> Worker<H> {
    async fn run(self, stop: CancellationToken) {
        while !stop.is_cancelled() {
            match self.pass().await {
                Ok(true) => continue,
                Ok(false) => {}
                Err(error) => tracing::warn!(%error, "cannot take events from the inbox"),
            }
            tokio::select! {
                () = stop.cancelled() => {}
                () = sleep(LOOK) => {}
                () = ARRIVED.notified() => {}
            }
        }
    }

    /// Handles one event; tells whether there was one.
    async fn pass(&self) -> Result<bool, sqlx::Error> {
        let mut transaction = self.database.begin().await?;
        let Some(due) = store::due(&mut transaction).await? else {
            return Ok(false);
        };
        // What a failed attempt has written goes, and the note of the failure stays.
        execute!(transaction, query("SAVEPOINT handler"))?;
        let outcome = match self.attempt(&mut transaction, &due).await {
            Ok(()) => {
                store::done(&mut transaction, due.position).await?;
                "done"
            }
            Err(error) => {
                execute!(transaction, query("ROLLBACK TO SAVEPOINT handler"))?;
                self.failed(&mut transaction, &due, &error).await?
            }
        };
        transaction.commit().await?;
        // Only types that are handled get this far, so the number of time series stays bounded.
        let kind = due.event.0.kind;
        metrics::counter!("inbox_attempts_total", "type" => kind, "outcome" => outcome)
            .increment(1);
        Ok(true)
    }

    async fn attempt(&self, transaction: &mut Transaction, due: &Due) -> anyhow::Result<()> {
        let attempt = self.handler.handle(transaction, &due.event);
        // A panic is a failure like others; the panic hook has logged it by now.
        let outcome = AssertUnwindSafe(attempt).catch_unwind().await;
        outcome.unwrap_or_else(|panic| Err(anyhow::anyhow!("panicked: {}", message(&*panic))))
    }

    /// When it is tried again, if it is at all.
    async fn failed(
        &self,
        transaction: &mut Transaction,
        due: &Due,
        error: &anyhow::Error,
    ) -> Result<&'static str, sqlx::Error> {
        let attempt = due.attempt();
        let next = (attempt < self.attempts).then(|| Timestamp::now().get() + pause(attempt));
        let error = format!("{error:#}");
        let (kind, id) = (&due.event.kind, &due.event.id);
        if next.is_some() {
            tracing::warn!(kind, id, attempt, error, "event failed");
        } else {
            tracing::error!(kind, id, attempt, error, "event is a dead letter");
        }
        store::failed(transaction, due.position, next.map(Timestamp::from), &error).await?;
        Ok(if next.is_some() { "failed" } else { "dead" })
    }
}

/// How long to wait after that many attempts: longer and longer, but never in step with others.
fn pause(attempts: usize) -> Duration {
    let mut pauses = ExponentialBuilder::default()
        .with_min_delay(Duration::from_millis(500))
        .with_max_delay(Duration::from_mins(5))
        .without_max_times()
        .with_jitter()
        .build();
    pauses.nth(attempts - 1).unwrap_or(LOOK)
}

fn message(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or_default()
}

fn describe_metrics() {
    metrics::describe_gauge!("inbox_waiting", "Events that were not handled yet.");
    metrics::describe_gauge!("inbox_oldest_seconds", "Age of the oldest of them.");
    metrics::describe_gauge!("inbox_dead", "Dead letters.");
    metrics::describe_counter!("inbox_attempts_total", "Attempts to handle an event.");
}

/// Tells how much waits, and forgets what was handled long ago.
async fn keep_house(database: Database, retention: Duration, stop: CancellationToken) {
    let mut ticks = interval(CARE);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    while stop.run_until_cancelled(ticks.tick()).await.is_some() {
        if let Err(error) = look(&database, retention).await {
            tracing::warn!(%error, "cannot look after the inbox");
        }
    }
}

async fn look(database: &Database, retention: Duration) -> Result<(), sqlx::Error> {
    let now = Timestamp::now();
    let lag = store::lag(database).await?;
    let age = lag.oldest.map(|oldest| now.get() - oldest.get());
    metrics::gauge!("inbox_waiting").set(f64::from(lag.waiting));
    metrics::gauge!("inbox_oldest_seconds").set(age.map_or(0.0, TimeDelta::as_seconds_f64));
    metrics::gauge!("inbox_dead").set(f64::from(lag.dead));
    store::prune(database, Timestamp::from(now.get() - retention)).await
}
