//! HTTP/1.1 for a service that wants to know who is at the other end of a connection: handlers find
//! the address as axum's `ConnectInfo<SocketAddr>`.

use std::net::SocketAddr;

use axum::Router;
use axum::extract::{ConnectInfo, Request};
use hyper::body::Incoming;
use tokio::net::TcpStream;
use tower::ServiceExt;

use crate::server::{self, Connections, Serve};

/// Serves these routes.
#[must_use]
pub fn http(app: Router) -> impl Serve {
    move |stream: TcpStream, peer: SocketAddr, connections: &Connections| {
        let app = app
            .clone()
            .map_request(move |mut request: Request<Incoming>| {
                request.extensions_mut().insert(ConnectInfo(peer));
                request
            });
        server::serve(stream, app, connections);
    }
}
