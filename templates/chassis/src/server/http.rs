//! HTTP/1.1 on a connection.
//!
//! It is `axum::serve` with one addition: a time limit for the head of a request, without which
//! clients that send it byte by byte can hold any number of connections.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::pin;
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpStream;
use tower::{Service, ServiceExt};

use super::{Connections, Serve};

/// How long a client may take to send the head of a request, and a connection may idle. Load
/// balancers keep idle connections for up to 60 s; closing them first would cost them a request now
/// and then.
const HEAD_TIMEOUT: Duration = Duration::from_secs(75);

/// Bytes of a request's head; more are refused with 431.
const HEAD_LIMIT: usize = 32 * 1024;

/// Serves these routes.
#[must_use]
pub fn http(app: Router) -> impl Serve {
    move |stream: TcpStream, _: SocketAddr, connections: &Connections| {
        serve(stream, app.clone(), connections);
    }
}

/// Answers all requests of a connection.
pub fn serve<S>(stream: TcpStream, app: S, connections: &Connections)
where
    S: Service<Request<Incoming>, Response = Response, Error = Infallible>,
    S: Clone + Send + 'static,
    S::Future: Send,
{
    let mut open = connections.open();
    let this = open.clone();
    let app = app.map_response(move |mut response: Response| {
        if this.is_ending() {
            let close = HeaderValue::from_static("close");
            response.headers_mut().insert(header::CONNECTION, close);
        }
        response
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .max_header_size(HEAD_LIMIT)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(app));
    tokio::spawn(async move {
        let mut connection = pin!(connection);
        let ended = tokio::select! {
            ended = connection.as_mut() => ended,
            () = open.closing() => {
                connection.as_mut().graceful_shutdown();
                connection.await
            }
        };
        if let Err(error) = ended {
            tracing::debug!(%error, "connection ended early");
        }
    });
}
