//! The management port: health for the orchestrator, metrics for Prometheus. It is not to be
//! reached from outside.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use tokio::sync::watch;

use crate::metrics;
use crate::resource::Resource;

/// What takes longer than this to answer is not ready for requests.
const PING_TIMEOUT: Duration = Duration::from_secs(1);

/// Whether requests should be sent here.
#[derive(Clone, Default)]
pub struct Readiness {
    draining: Arc<watch::Sender<bool>>,
    resources: Vec<Arc<dyn Resource>>,
}

impl Readiness {
    pub(crate) fn add(&mut self, resource: impl Resource) {
        self.resources.push(Arc::new(resource));
    }

    /// From now on the service is not ready, for it is about to stop.
    pub fn drain(&self) {
        self.draining.send_replace(true);
    }

    /// Waits until the service is about to stop.
    pub async fn drained(&self) {
        let mut draining = self.draining.subscribe();
        // The sender lives as long as this.
        drop(draining.wait_for(|drains| *drains).await);
    }

    /// Whether it is ready now, or why not.
    pub async fn check(&self) -> Result<(), String> {
        if *self.draining.borrow() {
            return Err("draining".to_owned());
        }
        for resource in &self.resources {
            let name = resource.name();
            match tokio::time::timeout(PING_TIMEOUT, resource.ping()).await {
                Ok(Ok(())) => {}
                Ok(Err(error)) => {
                    let error = format!("{error:#}");
                    tracing::warn!(error, "{name} unavailable");
                    return Err(format!("{name} unavailable"));
                }
                Err(_) => return Err(format!("{name} slow")),
            }
        }
        Ok(())
    }

    /// Lets go of all resources, the last one first.
    pub(crate) async fn close(&self) {
        for resource in self.resources.iter().rev() {
            resource.close().await;
        }
    }
}

/// `/livez` says that the process runs, `/readyz` that what it needs answers, too: a restart mends
/// only the former.
pub fn routes(readiness: Readiness) -> Router {
    Router::new()
        .route("/livez", get(async || "alive"))
        .route("/readyz", get(ready))
        .route("/metrics", get(metrics::render))
        .with_state(readiness)
}

async fn ready(State(readiness): State<Readiness>) -> (StatusCode, String) {
    match readiness.check().await {
        Ok(()) => (StatusCode::OK, "ready".to_owned()),
        Err(why) => (StatusCode::SERVICE_UNAVAILABLE, why),
    }
}
