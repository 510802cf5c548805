//! HTTP/2 on a connection, without TLS and from the first byte on, as gRPC speaks it.
//!
//! It is what tonic's own server does, with the deadlines and metrics of calls where they see each
//! other: in the layers of [`crate::rpc`].

use std::net::SocketAddr;
use std::pin::pin;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http2;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};
use uuid::Uuid;

use super::Limits;
use crate::server::{Connection, Connections, Serve};

/// After so long without a sign of life a client is asked for one, and after [`PING_TIMEOUT`]
/// given up: calls of one that is gone would hold their places.
const PING_INTERVAL: Duration = Duration::from_mins(1);
const PING_TIMEOUT: Duration = Duration::from_secs(20);

/// How long a client may take to say that it speaks HTTP/2, and how that is said.
const GREETING_TIMEOUT: Duration = Duration::from_secs(10);
const GREETING: usize = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".len();

/// Serves these methods.
#[must_use]
pub fn http2(app: Router, limits: Limits) -> impl Serve {
    move |stream: TcpStream, _: SocketAddr, connections: &Connections| {
        let (app, mut open) = (app.clone(), connections.open());
        tokio::spawn(async move {
            let is_greeted = tokio::select! {
                greeting = timeout(GREETING_TIMEOUT, is_greeted(&stream)) => greeting == Ok(true),
                () = open.ending() => false,
            };
            if !is_greeted {
                return;
            }
            if let Err(error) = serve(stream, app, open, limits).await {
                tracing::debug!(%error, "connection ended early");
            }
        });
    }
}

/// Whether a client begins as one of HTTP/2 does. One that says nothing would hold its connection for
/// ever: what asks for signs of life comes after the greeting.
async fn is_greeted(stream: &TcpStream) -> bool {
    let mut greeting = [0; GREETING];
    loop {
        match stream.peek(&mut greeting).await {
            Ok(GREETING) => return true,
            Ok(0) | Err(_) => return false,
            // The rest is on its way.
            Ok(_) => sleep(Duration::from_millis(50)).await,
        }
    }
}

async fn serve(
    stream: TcpStream,
    app: Router,
    mut open: Connection,
    limits: Limits,
) -> hyper::Result<()> {
    let connection = http2::Builder::new(TokioExecutor::new())
        .timer(TokioTimer::new())
        .keep_alive_interval(PING_INTERVAL)
        .keep_alive_timeout(PING_TIMEOUT)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(app));
    let mut connection = pin!(connection);
    tokio::select! {
        ended = connection.as_mut() => return ended,
        () = open.ending() => {}
        () = sleep(age(limits.connection)) => {}
    }
    // Its client is told to make another for what comes next; no call takes longer than this.
    connection.as_mut().graceful_shutdown();
    let grace = limits.call + Duration::from_secs(1);
    timeout(grace, connection).await.unwrap_or(Ok(()))
}

/// Up to a tenth more: connections that were made together shall not all end together.
fn age(limit: Duration) -> Duration {
    let share = u32::from(Uuid::new_v4().as_bytes()[0]);
    limit + limit / 10 * share / 256
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
        let app = http2(Router::new().route("/", slow), Limits::default());
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

    #[tokio::test]
    async fn a_connection_ends_when_it_is_old_and_its_calls_are_answered() {
        let slow = post(async || {
            sleep(Duration::from_millis(300)).await;
            "late"
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let limits = Limits {
            connection: Duration::from_millis(100),
            ..Limits::default()
        };
        let app = http2(Router::new().route("/", slow), limits);
        tokio::spawn(accept(listener, app, std::future::pending()));

        let stream = TokioIo::new(TcpStream::connect(address).await.unwrap());
        let handshake = client::handshake(TokioExecutor::new(), stream).await;
        let (mut client, connection) = handshake.unwrap();
        let connection = tokio::spawn(connection);
        let request = Request::post("http://test/").body(Body::empty());
        let answer = client.send_request(request.unwrap()).await;
        assert!(answer.unwrap().status().is_success());
        // Nobody but the server had a reason to end it.
        assert!(connection.await.unwrap().is_ok());
    }
}
