//! The management port: health for the orchestrator, metrics for Prometheus. It is not to be
//! reached from outside.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
{% if options.store == "sql" -%}
use std::time::Duration;
{% endif %}
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;

{% if options.store == "sql" -%}
use crate::{Database, metrics};
{% else -%}
use crate::metrics;
{% endif %}
{% if options.store == "sql" -%}
/// A database that takes longer than this to answer is not ready for requests.
const PING_TIMEOUT: Duration = Duration::from_secs(1);

{% endif -%}
/// Whether requests should be sent here.
{% if options.store == "sql" -%}
#[derive(Clone)]
pub struct Readiness {
    draining: Arc<AtomicBool>,
    database: Database,
}
{%- else -%}
#[derive(Clone, Default)]
pub struct Readiness {
    draining: Arc<AtomicBool>,
}
{%- endif %}

impl Readiness {
{%- if options.store == "sql" %}
    #[must_use]
    pub fn new(database: Database) -> Self {
        Self {
            draining: Arc::default(),
            database,
        }
    }
{% endif %}
    /// From now on the service is not ready, for it is about to stop.
    pub fn drain(&self) {
        self.draining.store(true, Ordering::Relaxed);
    }
{%- if options.store == "sql" %}

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
{%- else %}

    fn check(&self) -> (StatusCode, &'static str) {
        if self.draining.load(Ordering::Relaxed) {
            (StatusCode::SERVICE_UNAVAILABLE, "draining")
        } else {
            (StatusCode::OK, "ready")
        }
    }
{%- endif %}
}

{% if options.store == "sql" -%}
/// `/livez` says that the process runs, `/readyz` that its database answers, too: a restart mends
/// only the former.
{% else -%}
/// `/livez` says that the process runs, `/readyz` that it is not about to stop.
{% endif -%}
pub fn routes(readiness: Readiness) -> Router {
    Router::new()
        .route("/livez", get(async || "alive"))
        .route(
            "/readyz",
            get(async |State(readiness): State<Readiness>| readiness.check(){% if options.store == "sql" %}.await{% endif %}),
        )
        .route("/metrics", get(metrics::render))
        .with_state(readiness)
}
