//! A service that gets the events of the one under test.

use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use chassis::{Background, Database, outbox};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio::time::timeout;

/// What has arrived.
pub struct Subscriber {
    events: mpsc::UnboundedReceiver<Value>,
    relay: Background,
}

impl Subscriber {
    /// Subscribes to what is in the outbox of `database`, behind `others` with commas after them.
    pub async fn start(database: &Database, others: &str) -> Self {
        let (sender, events) = mpsc::unbounded_channel();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let subscribers = format!("{others}http://{address}/events");
        let app = Router::new().route("/events", post(receive));
        tokio::spawn(axum::serve(listener, app.with_state(sender)).into_future());
        let settings = outbox::Settings {
            nats_url: String::new(),
            subscribers: subscribers.parse().unwrap(),
            retention: Duration::from_hours(1),
        };
        let relay = Background::default();
        outbox::start(&settings, "here", database, &relay);
        Self { events, relay }
    }

    /// The next event.
    pub async fn next(&mut self) -> Value {
        let next = timeout(Duration::from_secs(30), self.events.recv()).await;
        next.unwrap().unwrap()
    }

    /// Stops the task that sends.
    pub async fn stop(self) {
        self.relay.stop().await;
    }
}

async fn receive(
    State(events): State<mpsc::UnboundedSender<Value>>,
    headers: HeaderMap,
    body: String,
) -> StatusCode {
    assert_eq!(headers["content-type"], "application/cloudevents+json");
    events.send(serde_json::from_str(&body).unwrap()).unwrap();
    StatusCode::NO_CONTENT
}
