//! A whole service in the test's own process: no socket, but a real database of its own.
//!
//! It is SQLite in a temporary file, or with `TEST_DATABASE_URL` a schema of its own on that
//! PostgreSQL server.

use std::time::Duration;

use agents::clients::{Addresses, Clients};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use axum::{Extension, Router};
use chassis::app::{self, Limits};
use chassis::client::{self, Address};
use chassis::inbox::{self, Handler};
use chassis::{Background, Database};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tokio::time::sleep;
use tower::ServiceExt;
use uuid::Uuid;

use self::database::TestDatabase;

mod database;

/// The question that events tell of, and its conversation.
pub const QUESTION: Uuid = Uuid::from_u128(1);
pub const CONVERSATION: Uuid = Uuid::from_u128(2);

/// The handlers of the service.
pub use agents::handler::Events;

/// The service under test.
pub struct Service {
    api: Router,
    management: Router,
    background: Background,
    _database: TestDatabase,
}

/// What it answered. The body is null where there is none.
pub struct Answer {
    pub status: StatusCode,
    pub content_type: String,
    pub body: Value,
}

impl Service {
    /// The service with an empty database.
    pub async fn start() -> Self {
        Self::among(Events, 3, &Address::local(1)).await
    }

    /// The service with another handler, which may try an event so often.
    pub async fn with(handler: impl Handler, attempts: u32) -> Self {
        Self::among(handler, attempts, &Address::local(1)).await
    }

    /// The same, with the services that it calls at this address.
    pub async fn among(handler: impl Handler, attempts: u32, others: &Address) -> Self {
        let database = TestDatabase::create().await;
        let migrations = agents::migrations();
        let connection = Database::connect(&database.url, 5, &migrations).await;
        let connection = connection.unwrap();
        let settings = inbox::Settings {
            nats_url: String::new(),
            attempts,
            concurrency: 2,
            retention: Duration::from_hours(1),
        };
        let background = Background::default();
        inbox::start(handler, &settings, "here", &connection, &background);
        let api = agents::api().layer(Extension(clients(others)));
        Self {
            api: app::build(api, connection.clone(), Limits::default()),
            management: inbox::management(connection),
            background,
            _database: database,
        }
    }

    /// Sends an event.
    pub async fn tell(&self, event: &Value) -> Answer {
        let request = Request::post("/events");
        let request = request.header(header::CONTENT_TYPE, "application/cloudevents+json");
        self.send(request.body(Body::from(event.to_string())).unwrap())
            .await
    }

    /// Sends any request to the API.
    pub async fn send(&self, request: Request<Body>) -> Answer {
        answer(self.api.clone(), request).await
    }

    /// Sends a request without a body to the API.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path).body(Body::empty()).unwrap())
            .await
    }

    /// Sends a request with a JSON body to the API.
    pub async fn call(&self, method: &str, path: &str, body: &Value) -> Answer {
        let request = Request::builder().method(method).uri(path);
        let request = request.header(header::CONTENT_TYPE, "application/json");
        self.send(request.body(Body::from(body.to_string())).unwrap())
            .await
    }

    /// Sends a request without a body to the management port.
    pub async fn manage(&self, method: &str, path: &str) -> Answer {
        let request = Request::builder().method(method).uri(path);
        answer(
            self.management.clone(),
            request.body(Body::empty()).unwrap(),
        )
        .await
    }

    /// Waits until what was counted is this.
    pub async fn counts(&self, expected: &Value) {
        for _ in 0..1500 {
            if self.get("/tallies").await.body == *expected {
                return;
            }
            sleep(Duration::from_millis(20)).await;
        }
        panic!("{}", self.get("/tallies").await.body);
    }

    /// Waits until there are dead letters.
    pub async fn dead_letters(&self) -> Vec<Value> {
        for _ in 0..1500 {
            let letters = self.manage("GET", "/dead-letters").await.body;
            let letters = letters.as_array().unwrap();
            if !letters.is_empty() {
                return letters.clone();
            }
            sleep(Duration::from_millis(20)).await;
        }
        panic!("there are none");
    }

    /// Lets events that are being handled end.
    pub async fn stop(self) {
        self.background.stop().await;
    }
}

/// Clients of services that are all at one address.
fn clients(all: &Address) -> Clients {
    let addresses = Addresses {
        dialogue: all.clone(),
    };
    Clients::new(&addresses, &client::Settings::default()).unwrap()
}

/// An event as others send it.
pub fn event(kind: &str, id: &str) -> Value {
    json!({
        "specversion": "1.0",
        "source": "/dialogue",
        "id": id,
        "type": kind,
        "time": "2026-01-02T03:04:05Z",
        "data": {
            "question": QUESTION, "conversation": CONVERSATION, "text": "Where is it?",
            "reason": "asked", "revision": 1,
        },
    })
}

async fn answer(router: Router, request: Request<Body>) -> Answer {
    let response = router.oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    let content_type = parts.headers.get(header::CONTENT_TYPE);
    Answer {
        status: parts.status,
        content_type: content_type.map_or_else(String::new, |v| v.to_str().unwrap().to_owned()),
        body: serde_json::from_slice(&body).unwrap_or_default(),
    }
}
