//! The whole service, with features that are told, away, or hung.

use std::future::pending;
use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use axum::routing::post;
use axum::{Extension, Json, Router};
use chassis::Background;
use chassis::app::{self, Limits};
use chassis::client::Address;
use http_body_util::BodyExt;
use scoring::assess::Deadline;
use scoring::current::Current;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::time::sleep;
use tower::ServiceExt;

use crate::support::Service;
use crate::support::inbox::{Inbox, event};

/// The service.
pub struct Bench {
    router: Router,
    pub service: Service,
    inbox: Inbox,
    background: Background,
}

/// Whoever tells features.
pub async fn features(told: Option<Value>) -> Address {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let answer = async move || match told {
        Some(told) => Json(told),
        None => pending().await,
    };
    let app = Router::new().route("/features", post(answer));
    tokio::spawn(axum::serve(listener, app).into_future());
    Address::local(port)
}

/// Features of a quiet card, but for some.
pub fn quiet(changes: &Value) -> Value {
    let mut features = json!({
        "amount": 20.0, "hour_count": 0.0, "day_count": 0.0, "day_sum": 0.0, "ratio": 1.0,
        "new_country": 0.0, "first": 0.0, "night": 0.0,
    });
    for (name, value) in changes.as_object().unwrap() {
        features[name] = value.clone();
    }
    features
}

impl Bench {
    /// A new service, which finds features there.
    pub async fn start(features: Address, deadline: Duration) -> Self {
        let service = Service::start_among(&features).await;
        let current = Current::new().unwrap();
        let background = Background::default();
        current.watch(&service.database, &background);
        let inbox = Inbox::start(service.handlers.clone(), 3, &service);
        let api = scoring::api(&service.handlers.clients)
            .layer(Extension(current))
            .layer(Extension(Deadline(deadline)));
        Self {
            router: app::build(api, service.database.clone(), Limits::default()),
            service,
            inbox,
            background,
        }
    }

    pub async fn send(&self, method: &str, path: &str, body: &Value) -> (StatusCode, Value) {
        let request = Request::builder().method(method).uri(path);
        let request = request.header("content-type", "application/json");
        let request = request.body(Body::from(body.to_string())).unwrap();
        let answer = self.router.clone().oneshot(request).await.unwrap();
        let status = answer.status();
        let body = answer.into_body().collect().await.unwrap().to_bytes();
        (status, serde_json::from_slice(&body).unwrap_or_default())
    }

    /// What is thought of a payment.
    pub async fn assess(&self) -> Value {
        let payment = json!({
            "transaction": "0197a1b2-c3d4-7e5f-8a6b-000000000001",
            "card": "c-1", "amount": "20.00", "country": "DE", "at": "2026-03-31T12:00:00Z",
        });
        let (status, body) = self.send("POST", "/assessments", &payment).await;
        assert_eq!(status, StatusCode::OK, "{body}");
        body
    }

    /// Training publishes a model.
    pub async fn publish(&self, id: i64, document: &Value) {
        let data = json!({ "id": id, "document": document, "metrics": { "steps": 7 } });
        let event = event("candidate.created", &format!("e-{id}"), &data);
        let answer = self.service.tell(&event).await;
        assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.body);
    }

    /// What is known of models, when there are so many.
    pub async fn models(&self, count: usize) -> Value {
        for _ in 0..1500 {
            let (_, models) = self.send("GET", "/models", &Value::Null).await;
            if models["candidates"].as_array().unwrap().len() == count {
                return models;
            }
            sleep(Duration::from_millis(20)).await;
        }
        panic!("there are not {count} models");
    }

    pub async fn stop(self) {
        self.inbox.stop().await;
        self.background.stop().await;
    }
}
