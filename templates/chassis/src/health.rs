//! The management port: health for the orchestrator, metrics for Prometheus. It is not to be
//! reached from outside.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;

use crate::{Database, metrics};

/// A database that takes longer than this to answer is not ready for requests.
const PING_TIMEOUT: Duration = Duration::from_secs(1);

/// Whether requests should be sent here.
#[derive(Clone)]
pub struct Readiness {
    draining: Arc<AtomicBool>,
    database: Database,
}

impl Readiness {
    #[must_use]
    pub fn new(database: Database) -> Self {
        Self {
            draining: Arc::default(),
            database,
        }
    }

    /// From now on the service is not ready, for it is about to stop.
    pub fn drain(&self) {
        self.draining.store(true, Ordering::Relaxed);
    }

    async fn check(&self) -> (StatusCode, &'static str) {
        if self.draining.load(Ordering::Relaxed) {
            return (StatusCode::SERVICE_UNAVAILABLE, "draining");
        }
        match tokio::time::timeout(PING_TIMEOUT, self.database.ping()).await {
            Ok(Ok(())) => (StatusCode::OK, "ready"),
            Ok(Err(error)) => {
                tracing::warn!(%error, "not ready");
                (StatusCode::SERVICE_UNAVAILABLE, "database unavailable")
            }
            Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "database slow"),
        }
    }
}

/// `/livez` says that the process runs, `/readyz` that its database answers, too: a restart mends
/// only the former.
pub fn routes(readiness: Readiness) -> Router {
    Router::new()
        .route("/livez", get(async || "alive"))
        .route(
            "/readyz",
            get(async |State(readiness): State<Readiness>| readiness.check().await),
        )
        .route("/metrics", get(metrics::render))
        .with_state(readiness)
}
