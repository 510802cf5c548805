//! Accepting connections, and stopping without dropping a request.

use std::net::SocketAddr;
use std::pin::pin;
use std::time::Duration;

use anyhow::Context;
use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::oneshot;

{% if options.store == "sql" -%}
use crate::health::{self, Readiness};
{% if options.events == "outbox" or options.events == "inbox" -%}
use crate::{Background, Config, Database};
{% else -%}
use crate::{Config, Database};
{% endif -%}
{% else -%}
use crate::Config;
use crate::health::{self, Readiness};
{% endif %}
/// How long a client may take to send the head of a request, and a connection may idle. Load
/// balancers keep idle connections for up to 60 s; closing them first would cost them a request now
/// and then.
const HEAD_TIMEOUT: Duration = Duration::from_secs(75);

/// Serves the API and the management port until the process is told to stop.
///
/// Then: readiness goes off, no new connection is accepted, requests in flight are answered, for as
/// long as `SHUTDOWN_TIMEOUT` allows. The management port stays until the end, so that the drain
/// can be watched.
{% if options.events == "inbox" -%}
pub async fn run(
    config: &Config,
    database: Database,
    api: Router,
    management: Router,
    background: Background,
) -> anyhow::Result<()> {
{%- elif options.events == "outbox" -%}
pub async fn run(
    config: &Config,
    database: Database,
    api: Router,
    background: Background,
) -> anyhow::Result<()> {
{%- else -%}
pub async fn run(config: &Config, {% if options.store == "sql" %}database: Database, {% endif %}api: Router) -> anyhow::Result<()> {
{%- endif %}
{%- if options.store == "sql" %}
    let readiness = Readiness::new(database.clone());
{%- else %}
    let readiness = Readiness::default();
{%- endif %}
    let (listener, address) = listen(config, config.port).await?;
    let (management_listener, management_address) = listen(config, config.management_port).await?;
    let mut signals = Signals::new()?;

    let (stop_management, management_stopped) = oneshot::channel::<()>();
{%- if options.events == "inbox" %}
    let management = health::routes(readiness.clone()).merge(management);
{%- else %}
    let management = health::routes(readiness.clone());
{%- endif %}
    let management = tokio::spawn(async move {
        let stopped = async { drop(management_stopped.await) };
        drop(accept(management_listener, management, stopped).await);
    });
    tracing::info!(%address, management = %management_address, "ready");

    let connections = accept(listener, api, signals.next()).await;
    readiness.drain();
    tracing::info!(seconds = config.shutdown_timeout.as_secs(), "draining");
{%- if options.events == "outbox" or options.events == "inbox" %}
    let done = async {
        connections.shutdown().await;
        background.stop().await;
    };
    let drained = tokio::select! {
        () = done => Ok(()),
{%- else %}
    let drained = tokio::select! {
        () = connections.shutdown() => Ok(()),
{%- endif %}
        () = tokio::time::sleep(config.shutdown_timeout) => Err("the time for it was up"),
        () = signals.next() => Err("a second signal came"),
    };
    drop(stop_management);
    management.await?;
{%- if options.store == "sql" %}
    match drained {
        // Closing waits for all connections, so requests that still hold one must have ended.
        Ok(()) => database.close().await,
        Err(why) => tracing::warn!(why, "stopped with requests unanswered"),
    }
{%- else %}
    if let Err(why) = drained {
        tracing::warn!(why, "stopped with requests unanswered");
    }
{%- endif %}
    tracing::info!("stopped");
    Ok(())
}

async fn listen(config: &Config, port: u16) -> anyhow::Result<(TcpListener, SocketAddr)> {
    let address = SocketAddr::new(config.host, port);
    let listener = TcpListener::bind(address)
        .await
        .with_context(|| format!("cannot listen on {address}"))?;
    let address = listener.local_addr()?;
    Ok((listener, address))
}

/// Accepts connections until `stop`, and returns those that are still open.
///
/// It is `axum::serve` with one addition: a time limit for the head of a request, without which
/// clients that send it byte by byte can hold any number of connections.
async fn accept(
    listener: TcpListener,
    app: Router,
    stop: impl Future<Output = ()>,
) -> GracefulShutdown {
    let connections = GracefulShutdown::new();
    let mut stop = pin!(stop);
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => serve(stream, app.clone(), &connections),
                Err(error) => {
                    // Most likely too many open files: wait until some are closed.
                    tracing::warn!(%error, "cannot accept a connection");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            },
            () = &mut stop => return connections,
        }
    }
}

fn serve(stream: TcpStream, app: Router, connections: &GracefulShutdown) {
    // Answers are written whole; waiting for more to send would only delay them.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "cannot set TCP_NODELAY");
    }
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(app));
    let connection = connections.watch(connection);
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            tracing::debug!(%error, "connection ended early");
        }
    });
}

/// SIGTERM, which orchestrators send, and SIGINT, which Ctrl-C sends.
struct Signals {
    terminate: tokio::signal::unix::Signal,
    interrupt: tokio::signal::unix::Signal,
}

impl Signals {
    fn new() -> anyhow::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

#[cfg(test)]
mod tests;
