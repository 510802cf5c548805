//! How often calls of a service are repeated.

use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBackoff, ExponentialBuilder};
use tokio::time::Instant;
use tower::retry::budget::{Budget, TpsBudget};

use super::meters;

/// How often a call is repeated, and the pause before that, about: half of it is chance, so that
/// those who failed together do not come back together.
const RETRIES: usize = 2;
const PAUSE: Duration = Duration::from_millis(25);

/// Repetitions are at most a fifth of the calls, and a few: those of many callers together are a
/// load that a service in trouble does not need.
const RETRY_SHARE: f32 = 0.2;
const RETRIES_PER_SECOND: u32 = 2;

/// Repetitions of all calls of one service.
pub struct Retries {
    service: &'static str,
    budget: TpsBudget,
}

/// Those that one call has left.
pub struct Pauses(ExponentialBackoff);

impl Retries {
    #[must_use]
    pub fn new(service: &'static str) -> Self {
        let budget = TpsBudget::new(Duration::from_secs(10), RETRIES_PER_SECOND, RETRY_SHARE);
        Self { service, budget }
    }

    /// Begins a call that may be repeated.
    #[must_use]
    pub fn begin(&self) -> Pauses {
        self.budget.deposit();
        let pauses = ExponentialBuilder::new()
            .with_min_delay(PAUSE)
            .with_jitter()
            .with_max_times(RETRIES);
        Pauses(pauses.build())
    }

    /// Waits until the call is made again; tells whether it is, while there is time till `until`.
    pub async fn again(&self, pauses: &mut Pauses, until: Instant) -> bool {
        let pause = pauses.0.next();
        let pause = pause.filter(|pause| Instant::now() + *pause < until);
        let Some(pause) = pause.filter(|_| self.budget.withdraw()) else {
            return false;
        };
        tokio::time::sleep(pause).await;
        meters::retried(self.service);
        true
    }
}
