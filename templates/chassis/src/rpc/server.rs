//! HTTP/2 on a connection, without TLS and from the first byte on, as gRPC speaks it.
//!
//! It is what tonic's own server does, with the deadlines and metrics of calls where they see each
//! other: in the layers of [`crate::rpc`].

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http2;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpStream;

use crate::server::Serve;

/// After so long without a sign of life a client is asked for one, and after [`PING_TIMEOUT`]
/// given up: calls of one that is gone would hold their places.
const PING_INTERVAL: Duration = Duration::from_mins(1);
const PING_TIMEOUT: Duration = Duration::from_secs(20);

/// Serves these methods.
#[must_use]
pub fn http2(app: Router) -> impl Serve {
    move |stream: TcpStream, _: SocketAddr, connections: &GracefulShutdown| {
        let (stream, app) = (TokioIo::new(stream), TowerToHyperService::new(app.clone()));
        let connection = http2::Builder::new(TokioExecutor::new())
            .timer(TokioTimer::new())
            .keep_alive_interval(PING_INTERVAL)
            .keep_alive_timeout(PING_TIMEOUT)
            .serve_connection(stream, app);
        let connection = connections.watch(connection);
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "connection ended early");
            }
        });
    }
}

#[cfg(test)]
mod tests {
    //! Stopping, seen from a client.

    use axum::body::Body;
    use axum::http::Request;
    use axum::routing::post;
    use hyper::client::conn::http2 as client;
    use tokio::net::TcpListener;
    use tokio::sync::oneshot;
    use tokio::time::sleep;

    use super::*;
    use crate::server::accept;

    #[tokio::test]
    async fn calls_in_flight_are_answered_before_the_end() {
        let slow = post(async || {
            sleep(Duration::from_millis(300)).await;
            "late"
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let stopped = async { drop(stopped.await) };
        let app = http2(Router::new().route("/", slow));
        let server = tokio::spawn(accept(listener, app, stopped));

        let stream = TokioIo::new(TcpStream::connect(address).await.unwrap());
        let handshake = client::handshake(TokioExecutor::new(), stream).await;
        let (mut client, connection) = handshake.unwrap();
        tokio::spawn(connection);
        let request = Request::post("http://test/").body(Body::empty());
        let answer = tokio::spawn(client.send_request(request.unwrap()));
        sleep(Duration::from_millis(100)).await;
        drop(stop);
        let connections = server.await.unwrap();
        let newcomer = TcpStream::connect(address).await;
        assert!(newcomer.is_err(), "nobody new is let in");

        connections.shutdown().await;
        let answer = answer.await.unwrap().unwrap().into_body();
        let answer = axum::body::to_bytes(Body::new(answer), 100).await;
        assert_eq!(answer.unwrap(), "late");
    }
}
