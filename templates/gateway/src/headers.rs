//! Headers on their way through: what belongs to one connection stays there, and the service learns
//! who asks and how long it has.

use std::time::Duration;

use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use chassis::trace::{REQUEST_ID, TRACEPARENT, TraceContext};

use crate::NAME;
use crate::origin::{FORWARDED_FOR, FORWARDED_HOST, FORWARDED_PROTO, Origin};
use crate::route::Route;

/// The milliseconds that are left for an answer. A span needs no clocks that agree; a client may
/// send it, too, to be answered in less time than the route allows.
pub const TIMEOUT: HeaderName = HeaderName::from_static("x-request-timeout-ms");

/// Headers of a connection (RFC 9110, 7.6.1), and those that claim what only the gateway can know.
const OF_CONNECTION: [&str; 9] = [
    "connection",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];
const OF_GATEWAY: [&str; 6] = [
    "forwarded",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-port",
    "x-forwarded-proto",
    "x-real-ip",
];

/// Takes away what is meant for the next hop only: the usual ones, and those that `Connection`
/// names.
pub fn strip_connection(headers: &mut HeaderMap) {
    let lines = headers.get_all(header::CONNECTION).iter();
    let named: Vec<HeaderName> = lines
        .flat_map(|line| line.as_bytes().split(|b| *b == b','))
        .filter_map(|name| HeaderName::from_bytes(name.trim_ascii()).ok())
        .collect();
    for name in named {
        headers.remove(name);
    }
    for name in OF_CONNECTION {
        headers.remove(name);
    }
}

/// From a client's headers to those that the service gets.
pub fn to_service(headers: &mut HeaderMap, origin: &Origin, trace: Option<&TraceContext>) {
    strip_connection(headers);
    for name in OF_GATEWAY {
        headers.remove(name);
    }
    // The client waits for a go-ahead from the gateway, and gets it when its body is read.
    headers.remove(header::EXPECT);
    // The one that is sent comes from the service's address.
    headers.remove(header::HOST);
    if let Some(addresses) = origin.forwarded_for() {
        headers.insert(FORWARDED_FOR, addresses);
    }
    let proto = if origin.is_https { "https" } else { "http" };
    headers.insert(FORWARDED_PROTO, HeaderValue::from_static(proto));
    if let Some(host) = &origin.host {
        headers.insert(FORWARDED_HOST, host.clone());
    }
    if let Some(trace) = trace {
        headers.insert(REQUEST_ID, trace.request_id.clone());
        headers.insert(TRACEPARENT, trace.traceparent());
    }
    add_via(headers);
}

/// From a service's headers to those that the client gets.
pub fn to_client(headers: &mut HeaderMap, route: &Route, address: &Authority) {
    strip_connection(headers);
    // Which pages may read answers is the gateway's to say.
    let is_cors = |name: &&HeaderName| name.as_str().starts_with("access-control-");
    let cors: Vec<HeaderName> = headers.keys().filter(is_cors).cloned().collect();
    for name in cors {
        headers.remove(name);
    }
    if let Some(location) = headers.get(header::LOCATION).and_then(|l| l.to_str().ok())
        && let Some(public) = public_location(location, route, address)
    {
        headers.insert(header::LOCATION, public);
    }
    add_via(headers);
}

/// The place that a service names, as clients can reach it: without the service's address, and by
/// the route's name.
fn public_location(location: &str, route: &Route, address: &Authority) -> Option<HeaderValue> {
    let own = location
        .strip_prefix("http://")
        .and_then(|l| l.strip_prefix(address.as_str()));
    let path = own.unwrap_or(location);
    let end = path.find(['?', '#']).unwrap_or(path.len());
    let (path, tail) = path.split_at(end);
    let rest = Route::rest(route.at, path)?;
    let public = format!("{}{rest}{tail}", route.path.trim_end_matches('/'));
    HeaderValue::from_str(&public).ok()
}

/// Whether the message has been here before: routes that lead to each other.
pub fn is_loop(headers: &HeaderMap) -> bool {
    let lines = headers.get_all(header::VIA).iter();
    let mut hops = lines.flat_map(|line| line.to_str().unwrap_or_default().split(','));
    hops.any(|hop| hop.split_whitespace().nth(1) == Some(NAME))
}

fn add_via(headers: &mut HeaderMap) {
    let via = HeaderValue::from_str(&format!("1.1 {NAME}"));
    if let Ok(via) = via {
        headers.append(header::VIA, via);
    }
}

/// The time that the client gives, if it does.
pub fn client_timeout(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(TIMEOUT)?.to_str().ok()?;
    text.parse().ok().map(Duration::from_millis)
}

#[cfg(test)]
mod tests;
