//! What a line of the log tells of the work that it belongs to.

use std::fmt;

use tracing::{Event, Subscriber};
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields};
use tracing_subscriber::registry::LookupSpan;

use crate::trace;

/// Lines of this format, and at their ends the ids of what is being worked on. As fields of a span
/// they would be written for every request, whether it logs anything or not.
pub(super) struct WithIds<F> {
    pub(super) format: F,
    /// Whether a line is an object, or text.
    pub(super) is_json: bool,
}

impl<S, N, F> FormatEvent<S, N> for WithIds<F>
where
    S: Subscriber + for<'s> LookupSpan<'s>,
    N: for<'w> FormatFields<'w> + 'static,
    F: FormatEvent<S, N>,
{
    fn format_event(
        &self,
        context: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let Some(ids) = trace::current() else {
            return self.format.format_event(context, writer, event);
        };
        let mut line = String::new();
        let format = &self.format;
        format.format_event(context, Writer::new(&mut line), event)?;
        let request_id = ids.request_id.to_str().unwrap_or_default();
        let (trace_id, span_id) = (ids.trace_id, ids.span_id);
        if self.is_json {
            let object = line.strip_suffix("}\n").ok_or(fmt::Error)?;
            // It is ASCII that can be seen, which Rust and JSON put into quotes alike.
            writeln!(
                writer,
                r#"{object},"request_id":{request_id:?},"trace_id":"{trace_id:032x}","span_id":"{span_id:016x}"}}"#
            )
        } else {
            let text = line.trim_end();
            writeln!(
                writer,
                "{text} request_id={request_id} trace_id={trace_id:032x} span_id={span_id:016x}"
            )
        }
    }
}
