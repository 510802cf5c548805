//! The way of events between services where no NATS carries them: each publisher sends them to its subscribers itself.

use super::service;
use crate::kubernetes::backing;
use crate::project::{ServiceSettings, Settings};

/// The variable by which a publisher knows the addresses of its subscribers.
const SUBSCRIBERS: &str = "EVENT_SUBSCRIBERS";
/// Where they take events in.
const PATH: &str = "/events";

/// The services that `publisher` sends its events to by HTTP.
pub(super) fn subscribers<'a>(
    settings: &'a Settings,
    publisher: &'a ServiceSettings,
) -> impl Iterator<Item = &'a ServiceSettings> {
    let by_http = publisher.service.has_outbox() && backing::has_no_way_for_events(settings, publisher);
    let hears = |other: &&ServiceSettings| other.service.hears(&publisher.service).next().is_some();
    settings.services.iter().filter(move |_| by_http).filter(hears)
}

/// The variable that says so.
pub(super) fn environment(settings: &Settings, publisher: &ServiceSettings) -> Option<(String, String)> {
    let address = |s: &ServiceSettings| service::address(settings, s.service.name.as_str()) + PATH;
    let addresses: Vec<String> = subscribers(settings, publisher).map(address).collect();
    (!addresses.is_empty()).then(|| (SUBSCRIBERS.to_owned(), addresses.join(",")))
}
