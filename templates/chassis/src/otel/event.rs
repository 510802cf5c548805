//! A span for each attempt at an event.

use std::collections::HashMap;

use opentelemetry::KeyValue;
use opentelemetry::trace::{Span, SpanKind, Status, Tracer};

use super::{Otel, request, with_ids};
use crate::inbox::Handler;
use crate::trace::{self, TraceContext};
use crate::{CloudEvent, Transaction};

/// A handler of events whose work is seen in traces.
pub struct Traced<H> {
    handler: H,
    otel: Otel,
}

impl Otel {
    /// Makes a span for each event that this handles.
    pub fn handler<H: Handler>(&self, handler: H) -> Traced<H> {
        Traced {
            handler,
            otel: self.clone(),
        }
    }
}

impl<H: Handler> Handler for Traced<H> {
    const TYPES: &'static [&'static str] = H::TYPES;

    async fn handle(
        &self,
        transaction: &mut Transaction,
        event: &CloudEvent,
    ) -> anyhow::Result<()> {
        let (Some(exporting), Some(context)) = (&self.otel.0, trace::current()) else {
            return self.handler.handle(transaction, event).await;
        };
        let mut span = exporting
            .tracer
            .span_builder(format!("handle {}", event.kind))
            .with_kind(SpanKind::Consumer)
            .with_attributes([
                KeyValue::new("messaging.message.id", event.id.clone()),
                KeyValue::new("messaging.operation.type", "process"),
            ])
            .start_with_context(&exporting.tracer, &parent(event));
        let context: TraceContext = with_ids(context, span.span_context());
        let done = context.scope(self.handler.handle(transaction, event)).await;
        if let Err(error) = &done {
            span.set_status(Status::error(format!("{error:#}")));
        }
        span.end();
        done
    }

    async fn done(&self, event: &CloudEvent) {
        self.handler.done(event).await;
    }
}

/// The span in which the event was written.
fn parent(event: &CloudEvent) -> opentelemetry::Context {
    let traceparent = event.traceparent.clone();
    let traceparent = traceparent.map(|parent| ("traceparent".to_owned(), parent));
    request::extract(&traceparent.into_iter().collect::<HashMap<_, _>>())
}
