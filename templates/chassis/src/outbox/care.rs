//! Tells how much waits, and deletes what was sent long ago.

use std::time::Duration;

use chrono::TimeDelta;
use metrics::Gauge;
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

use super::store;
use crate::{Database, Timestamp};

/// How often that is done.
const CARE: Duration = Duration::from_secs(5);

/// The task that does it.
pub(super) struct Housekeeper {
    database: Database,
    retention: Duration,
    waiting: Gauge,
    oldest: Gauge,
}

impl Housekeeper {
    pub(super) fn new(database: Database, retention: Duration) -> Self {
        metrics::describe_gauge!(
            "outbox_waiting",
            "Events that have not reached everybody yet."
        );
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
