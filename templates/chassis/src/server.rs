//! Accepting connections, and stopping without dropping a request.

use std::net::SocketAddr;
use std::pin::pin;
use std::time::Duration;

use anyhow::Context;
use axum::Router;
use tokio::net::{TcpListener, TcpStream};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::oneshot;

use crate::Config;
use crate::health::{self, Readiness};
use crate::resource::Resource;

mod connections;
mod http;
#[cfg(test)]
mod tests;

pub use connections::{Connection, Connections};
pub use http::{http, serve};

/// A service that is about to run: the port of its API, the one for those who manage it, and what
/// it needs for its work.
pub struct Server {
    config: Config,
    readiness: Readiness,
    management: Router,
}

impl Server {
    /// A service that needs nothing yet.
    #[must_use]
    pub fn new(config: Config) -> Self {
        Self {
            config,
            readiness: Readiness::default(),
            management: Router::new(),
        }
    }

    /// Adds what the service needs. In the end they are let go in the opposite order.
    #[must_use]
    pub fn with(mut self, resource: impl Resource) -> Self {
        self.readiness.add(resource);
        self
    }

    /// Adds routes to the management port.
    #[must_use]
    pub fn manage(mut self, routes: Router) -> Self {
        self.management = self.management.merge(routes);
        self
    }

    /// Whether requests should be sent here, as far as what was added up to now tells.
    #[must_use]
    pub fn readiness(&self) -> Readiness {
        self.readiness.clone()
    }

    /// Serves the API, as `serve` does it for each connection, and the management port until the
    /// process is told to stop.
    ///
    /// Then: readiness goes off, no new connection is accepted, requests in flight are answered,
    /// and resources let go, for as long as `SHUTDOWN_TIMEOUT` allows. The management port stays
    /// until the end, so that the drain can be watched.
    pub async fn run(self, serve: impl Serve) -> anyhow::Result<()> {
        let (config, readiness) = (self.config, self.readiness);
        let (listener, address) = listen(&config, config.port).await?;
        let (management_listener, management_address) =
            listen(&config, config.management_port).await?;
        let mut signals = Signals::new()?;

        let (stop_management, management_stopped) = oneshot::channel::<()>();
        let management = http(health::routes(readiness.clone()).merge(self.management));
        let management = tokio::spawn(async move {
            let stopped = async { drop(management_stopped.await) };
            drop(accept(management_listener, management, stopped).await);
        });
        tracing::info!(%address, management = %management_address, "ready");

        let connections = accept(listener, serve, signals.next()).await;
        readiness.drain();
        tracing::info!(seconds = config.shutdown_timeout.as_secs(), "draining");
        let done = async {
            connections.shutdown().await;
            readiness.close().await;
        };
        let drained = tokio::select! {
            () = done => Ok(()),
            () = tokio::time::sleep(config.shutdown_timeout) => Err("the time for it was up"),
            () = signals.next() => Err("a second signal came"),
        };
        drop(stop_management);
        management.await?;
        if let Err(why) = drained {
            tracing::warn!(why, "stopped with requests unanswered");
        }
        tracing::info!("stopped");
        Ok(())
    }
}

async fn listen(config: &Config, port: u16) -> anyhow::Result<(TcpListener, SocketAddr)> {
    let address = SocketAddr::new(config.host, port);
    let listener = TcpListener::bind(address)
        .await
        .with_context(|| format!("cannot listen on {address}"))?;
    let address = listener.local_addr()?;
    Ok((listener, address))
}

/// Speaks with the client behind one connection, in a task that the last argument watches.
pub trait Serve: Fn(TcpStream, SocketAddr, &Connections) + Send {}

impl<F: Fn(TcpStream, SocketAddr, &Connections) + Send> Serve for F {}

/// Accepts connections until `stop`, and returns those that are still open.
pub async fn accept(
    listener: TcpListener,
    serve: impl Serve,
    stop: impl Future<Output = ()>,
) -> Connections {
    let connections = Connections::default();
    let mut stop = pin!(stop);
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => {
                    // Answers are written whole; waiting for more to send would only delay them.
                    if let Err(error) = stream.set_nodelay(true) {
                        tracing::debug!(%error, "cannot set TCP_NODELAY");
                    }
                    serve(stream, peer, &connections);
                }
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
