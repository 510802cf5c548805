//! Handles what has arrived, one event after the other, or several at a time.

use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use axum::http::HeaderMap;
use backon::{BackoffBuilder, ExponentialBuilder};
use futures_util::FutureExt;
use sqlx::query;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;
use tracing::{Instrument, Span};

use super::store::{self, Due};
use super::{ARRIVED, Handler, Settings};
use crate::background::Background;
use crate::trace::{TRACEPARENT, TraceContext};
use crate::{CloudEvent, Database, Timestamp, Transaction, execute};

/// How long an event waits at most when nobody says that it is there: another replica took it in,
/// or its next attempt is due.
const LOOK: Duration = Duration::from_secs(1);

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
    metrics::describe_counter!("inbox_attempts_total", "Attempts to handle an event.");
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
        let (context, span) = (context(&due.event), span(&due.event));
        let pass = self.handle(transaction, due).instrument(span);
        context.scope(pass).await?;
        Ok(true)
    }

    async fn handle(&self, mut transaction: Transaction, due: Due) -> Result<(), sqlx::Error> {
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
        if outcome == "done" {
            let done = self.handler.done(&due.event);
            // The panic hook has logged what may go wrong here: the event was handled all the same.
            let _ = AssertUnwindSafe(done).catch_unwind().await;
        }
        // Only types that are handled get this far, so the number of time series stays bounded.
        let kind = due.event.0.kind;
        metrics::counter!("inbox_attempts_total", "type" => kind, "outcome" => outcome)
            .increment(1);
        Ok(())
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
        if next.is_some() {
            tracing::warn!(attempt, error, "event failed");
        } else {
            tracing::error!(attempt, error, "event is a dead letter");
        }
        store::failed(transaction, due.position, next.map(Timestamp::from), &error).await?;
        Ok(if next.is_some() { "failed" } else { "dead" })
    }
}

/// Goes on with the trace that the event was written in.
fn context(event: &CloudEvent) -> TraceContext {
    let mut headers = HeaderMap::new();
    let traceparent = event.traceparent.as_deref().map(str::parse);
    if let Some(Ok(traceparent)) = traceparent {
        headers.insert(TRACEPARENT, traceparent);
    }
    TraceContext::from_headers(&headers)
}

/// Every line that is logged while an event is handled shows which one it is.
fn span(event: &CloudEvent) -> Span {
    tracing::info_span!("event", kind = event.kind, id = event.id)
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
