//! Events as others send them, and what becomes of them.

use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, header};
use chassis::inbox::{self, Handler};
use chassis::{Background, Database, read};
use serde_json::{Value, json};
use sqlx::query_scalar;
use tokio::time::sleep;

use super::{Answer, Service, answer};

const WAITING: &str = r#"SELECT COUNT("due_at") FROM "inbox""#;

/// Handles the events that a service has taken in.
pub struct Inbox {
    database: Database,
    management: Router,
    background: Background,
}

impl Inbox {
    /// Begins; `handler` may try an event so often.
    pub fn start(handler: impl Handler, attempts: u32, service: &Service) -> Self {
        let database = service.database.clone();
        let settings = inbox::Settings {
            nats_url: String::new(),
            attempts,
            concurrency: 2,
            retention: Duration::from_hours(1),
        };
        let background = Background::default();
        inbox::start(handler, &settings, "here", &database, &background);
        Self {
            management: inbox::management(database.clone()),
            database,
            background,
        }
    }

    /// Waits until all that has arrived was handled, or tried too often.
    pub async fn settled(&self) {
        for _ in 0..1500 {
            let waiting = read!(&self.database, |pool| query_scalar(WAITING).fetch_one(pool));
            let waiting: i64 = waiting.unwrap();
            if waiting == 0 {
                return;
            }
            sleep(Duration::from_millis(20)).await;
        }
        panic!("events are not handled");
    }

    /// Those that were tried too often, when nothing waits any more.
    pub async fn dead_letters(&self) -> Vec<Value> {
        self.settled().await;
        let letters = self.manage("GET", "/dead-letters").await.body;
        letters.as_array().unwrap().clone()
    }

    /// Sends a request without a body to the management port.
    pub async fn manage(&self, method: &str, path: &str) -> Answer {
        let request = Request::builder().method(method).uri(path);
        let request = request.body(Body::empty()).unwrap();
        answer(self.management.clone(), request).await
    }

    /// Lets events that are being handled end.
    pub async fn stop(self) {
        self.background.stop().await;
    }
}

impl Service {
    /// Sends it an event.
    pub async fn tell(&self, event: &Value) -> Answer {
        let request = Request::post("/events");
        let request = request.header(header::CONTENT_TYPE, "application/cloudevents+json");
        self.send(request.body(Body::from(event.to_string())).unwrap())
            .await
    }
}

/// An event as others send it.
pub fn event(kind: &str, id: &str, data: &Value) -> Value {
    json!({
        "specversion": "1.0",
        "source": "/others",
        "id": id,
        "type": kind,
        "subject": "0195a1b2-c3d4-7e5f-8a6b-000000000000",
        "time": "2026-01-02T03:04:05Z",
        "data": data,
    })
}
