//! A service behind the gateway, which does as the test says.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use http_body_util::{BodyExt, Collected};
use tokio::net::TcpSocket;

use super::serve;

/// What a service got to see of a request.
#[derive(Debug, Clone)]
pub struct Seen {
    pub line: String,
    pub headers: HeaderMap,
    pub body: String,
}

/// A service on a port of its own.
pub struct Service {
    pub address: SocketAddr,
    seen: Arc<Mutex<Vec<Seen>>>,
    status: Arc<AtomicU16>,
    /// Holds the port on which nobody listens.
    _taken: Option<TcpSocket>,
}

impl Service {
    /// One that remembers each request, and answers with its path.
    pub async fn start() -> Self {
        let seen: Arc<Mutex<Vec<Seen>>> = Arc::default();
        let status = Arc::new(AtomicU16::new(200));
        let (memory, says) = (seen.clone(), status.clone());
        let answer = async move |request: Request| {
            let (head, body) = request.into_parts();
            let body = body.collect().await.map(Collected::to_bytes);
            let body = body.map(|body| String::from_utf8_lossy(&body).into_owned());
            let path = head.uri.to_string();
            memory.lock().unwrap().push(Seen {
                line: format!("{} {path}", head.method),
                headers: head.headers,
                body: body.unwrap_or_else(|_| "broken".to_owned()),
            });
            let status = StatusCode::from_u16(says.load(Ordering::SeqCst)).unwrap();
            (status, path).into_response() as Response
        };
        Self {
            address: serve(Router::new().fallback(answer)).await,
            seen,
            status,
            _taken: None,
        }
    }

    /// One that is a router of the test's.
    pub async fn with(router: Router) -> Self {
        Self {
            address: serve(router).await,
            seen: Arc::default(),
            status: Arc::default(),
            _taken: None,
        }
    }

    /// One that is not there: nobody listens on its port, and nobody else can take it.
    pub fn gone() -> Self {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
        Self {
            address: socket.local_addr().unwrap(),
            seen: Arc::default(),
            status: Arc::default(),
            _taken: Some(socket),
        }
    }

    /// From now on it answers with this status.
    pub fn answer_with(&self, status: u16) {
        self.status.store(status, Ordering::SeqCst);
    }

    /// All requests that it got.
    pub fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    /// The one request that it got.
    #[track_caller]
    pub fn seen_once(&self) -> Seen {
        let seen = self.seen();
        assert_eq!(seen.len(), 1, "{seen:?}");
        seen[0].clone()
    }
}

impl Seen {
    /// A header as text; empty if it is missing.
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }
}
