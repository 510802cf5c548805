//! Connections to services: how they are made, kept and given up.

use std::time::Duration;

use axum::body::Body;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};

pub type Connections = Client<HttpConnector, Body>;

/// How long a connection may take to be made.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);

/// Idle connections are closed before services close theirs (after 75 s), so that no request is
/// sent into a connection that is about to end.
const IDLE_TIMEOUT: Duration = Duration::from_secs(30);

/// Bytes of an answer's head at most.
const HEAD_LIMIT: usize = 64 * 1024;
{%- if needs.dial %}

/// A connection that carries many calls is asked for a sign of life while some are under way.
const PING_INTERVAL: Duration = Duration::from_secs(10);
const PING_TIMEOUT: Duration = Duration::from_secs(5);
{%- endif %}

/// Connections by HTTP/1.1, each for one request at a time.
#[must_use]
pub fn http1() -> Connections {
    Client::builder(TokioExecutor::new())
        .timer(TokioTimer::new())
        .pool_timer(TokioTimer::new())
        .pool_idle_timeout(IDLE_TIMEOUT)
        .http1_max_buf_size(HEAD_LIMIT)
        .build(connector())
}
{%- if needs.dial %}

/// Connections by HTTP/2 from the first byte on, as services that speak gRPC want them.
#[must_use]
pub fn http2() -> Connections {
    Client::builder(TokioExecutor::new())
        .timer(TokioTimer::new())
        .pool_timer(TokioTimer::new())
        .pool_idle_timeout(IDLE_TIMEOUT)
        .http2_only(true)
        .http2_keep_alive_interval(PING_INTERVAL)
        .http2_keep_alive_timeout(PING_TIMEOUT)
        .build(connector())
}
{%- endif %}

fn connector() -> HttpConnector {
    let mut connector = HttpConnector::new();
    connector.set_connect_timeout(Some(CONNECT_TIMEOUT));
    connector.set_nodelay(true);
    connector
}
