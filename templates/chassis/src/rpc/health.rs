//! gRPC's own health service, which says what `/readyz` says.

use std::time::Duration;

use tonic_health::ServingStatus;
use tonic_health::server::HealthReporter;

use crate::health::Readiness;

/// How often it is told.
const INTERVAL: Duration = Duration::from_secs(2);

/// Tells it about each of `services` (the empty name means all of them) until the service drains.
/// Those who watch are told so, and let go: their calls would not end.
pub async fn report(
    readiness: Readiness,
    mut reporter: HealthReporter,
    services: Vec<&'static str>,
) {
    let mut interval = tokio::time::interval(INTERVAL);
    loop {
        let drains = tokio::select! {
            () = readiness.drained() => true,
            _ = interval.tick() => false,
        };
        let is_ready = !drains && readiness.check().await.is_ok();
        let status = if is_ready {
            ServingStatus::Serving
        } else {
            ServingStatus::NotServing
        };
        for service in &services {
            reporter.set_service_status(service, status).await;
            if drains {
                reporter.clear_service_status(service).await;
            }
        }
        if drains {
            return;
        }
    }
}
