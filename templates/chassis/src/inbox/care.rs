//! Tells how much waits, and forgets what was handled long ago.

use std::time::Duration;

use chrono::TimeDelta;
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

use super::store;
use crate::{Database, Timestamp};

/// How often that is done.
const CARE: Duration = Duration::from_secs(5);

/// The task that does it.
pub(super) async fn run(database: Database, retention: Duration, stop: CancellationToken) {
    metrics::describe_gauge!("inbox_waiting", "Events that were not handled yet.");
    metrics::describe_gauge!("inbox_oldest_seconds", "Age of the oldest of them.");
    metrics::describe_gauge!("inbox_dead", "Dead letters.");
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
