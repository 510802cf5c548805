//! Times of the API as times to reckon with.

use jiff::Timestamp;
use k8s_openapi::api::core::v1::Event;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;

/// When an event was seen last.
pub(super) fn last(event: &Event) -> Option<Timestamp> {
    event.last_timestamp.as_ref().map(|t| t.0).or_else(|| first(event))
}

/// When an event was seen first.
pub(super) fn first(event: &Event) -> Option<Timestamp> {
    event
        .first_timestamp
        .as_ref()
        .map(|t| t.0)
        .or_else(|| event.event_time.as_ref().map(|t| t.0))
        .or_else(|| event.metadata.creation_timestamp.as_ref().map(|t| t.0))
}

/// Whether a time of the API, which tells whole seconds, is not before another.
pub(in crate::kubernetes) fn not_before(time: Timestamp, since: Timestamp) -> bool {
    time.as_second() >= since.as_second()
}

pub(in crate::kubernetes) fn time(time: Option<&Time>) -> Option<Timestamp> {
    time.map(|t| t.0)
}
