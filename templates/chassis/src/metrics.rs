//! Numbers for Prometheus. What is counted is up to those who count.

use std::sync::LazyLock;
use std::time::Duration;

use metrics::Gauge;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};

/// Upper bounds of the buckets in seconds, dense where answers of a healthy service fall.
const BUCKETS: [f64; 12] = [
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0,
];

/// The exporter: one for the process, since that is what the `metrics` crate records into.
static EXPORTER: LazyLock<Option<PrometheusHandle>> = LazyLock::new(|| {
    let builder = PrometheusBuilder::new().set_buckets(&BUCKETS).ok()?;
    builder.install_recorder().ok()
});

/// Starts recording, and every few seconds sums up what was recorded: between two scrapes memory
/// stays bounded.
pub fn init() {
    LazyLock::force(&EXPORTER);
    tokio::spawn(async {
        let mut interval = tokio::time::interval(Duration::from_secs(5));
        loop {
            interval.tick().await;
            if let Some(exporter) = EXPORTER.as_ref() {
                exporter.run_upkeep();
            }
        }
    });
}

/// All numbers in the text format of Prometheus.
pub async fn render() -> String {
    EXPORTER
        .as_ref()
        .map(PrometheusHandle::render)
        .unwrap_or_default()
}

/// Counts something as being worked on for as long as it lives, however it ends.
pub struct InFlight<'g>(&'g Gauge);

impl<'g> InFlight<'g> {
    #[must_use]
    pub fn start(gauge: &'g Gauge) -> Self {
        gauge.increment(1);
        Self(gauge)
    }
}

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        self.0.decrement(1);
    }
}
