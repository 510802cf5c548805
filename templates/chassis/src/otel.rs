//! Traces for OpenTelemetry: a span for each request, sent to a collector by OTLP over HTTP.
//!
//! What is not here is as the standard variables `OTEL_*` say: who is sampled, what else describes
//! this service, headers for the collector, how much is sent at a time.

use std::sync::Arc;

use axum::Router;
use axum::middleware::from_fn_with_state;
use opentelemetry::KeyValue;
use opentelemetry::trace::{SpanContext, TracerProvider};
use opentelemetry_otlp::{SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::Resource as Described;
use opentelemetry_sdk::trace::{SdkTracer, SdkTracerProvider};

use self::collector::Collector;
use crate::resource::{Pending, Resource};
use crate::settings;
use crate::trace::TraceContext;

mod collector;
{% if needs.inbox -%}
mod event;
{% endif -%}
mod request;
#[cfg(test)]
mod tests;

{% if needs.inbox -%}
pub use event::Traced;

{% endif -%}
/// Where spans go.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The address of the collector; empty for none.
    pub collector: String,
}

impl Settings {
    /// Reads those that were set.
    pub fn read(given: &mut settings::Settings) -> Self {
        let all = given.get("OTEL_EXPORTER_OTLP_ENDPOINT", String::new());
        let traces = given.get("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", String::new());
        let collector = match all.trim_end_matches('/') {
            all if traces.is_empty() && !all.is_empty() => format!("{all}/v1/traces"),
            _ => traces,
        };
        Self { collector }
    }
}

/// What makes spans, unless no collector was named; cheap to clone.
#[derive(Clone)]
pub struct Otel(Option<Arc<Exporting>>);

struct Exporting {
    provider: SdkTracerProvider,
    tracer: SdkTracer,
}

impl Otel {
    /// Of the service `name`. Spans are sent in the background; while the collector is away, some
    /// are kept and the others dropped.
    ///
    /// # Errors
    /// The address or one of the variables cannot be used.
    pub fn new(settings: &Settings, name: &str, version: &str) -> anyhow::Result<Self> {
        if settings.collector.is_empty() {
            return Ok(Self(None));
        }
        let exporter = SpanExporter::builder()
            .with_http()
            .with_http_client(Collector::new())
            .with_endpoint(&settings.collector)
            .build()?;
        let mut described = Described::builder();
        if std::env::var_os("OTEL_SERVICE_NAME").is_none() {
            described = described.with_service_name(name.to_owned());
        }
        let version = KeyValue::new("service.version", version.to_owned());
        let provider = SdkTracerProvider::builder()
            .with_batch_exporter(exporter)
            .with_resource(described.with_attribute(version).build())
            .build();
        let tracer = provider.tracer("chassis");
        Ok(Self(Some(Arc::new(Exporting { provider, tracer }))))
    }

    /// Makes a span for each request that goes to these routes.
    pub fn around(&self, routes: Router) -> Router {
        match &self.0 {
            Some(exporting) => {
                let tracer = exporting.tracer.clone();
                routes.layer(from_fn_with_state(tracer, request::observe))
            }
            None => routes,
        }
    }
}

impl Resource for Otel {
    fn name(&self) -> &'static str {
        "collector"
    }

    /// Sends what is left.
    fn close(&self) -> Pending<'_, ()> {
        let Some(exporting) = self.0.clone() else {
            return Box::pin(async {});
        };
        Box::pin(async move {
            // It waits for the answer, and must not hold up a thread that others need for theirs.
            let sent = tokio::task::spawn_blocking(move || exporting.provider.shutdown());
            if let Ok(Err(error)) = sent.await {
                tracing::warn!(%error, "the last spans could not be sent");
            }
        })
    }
}

/// The ids of a span in the place of those that were made up for the log.
fn with_ids(context: TraceContext, span: &SpanContext) -> TraceContext {
    TraceContext {
        trace_id: u128::from_be_bytes(span.trace_id().to_bytes()),
        span_id: u64::from_be_bytes(span.span_id().to_bytes()),
        flags: span.trace_flags().to_u8(),
        ..context
    }
}
