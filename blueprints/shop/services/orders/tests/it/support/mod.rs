//! A whole service in the test's own process: no socket, but a real database of its own, and other
//! services that do as they are told.
//!
//! It is SQLite in a temporary file, or with `TEST_DATABASE_URL` a schema of its own on that
//! PostgreSQL server.

use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use chassis::app::{self, Limits};
use chassis::auth::{Auth, Settings};
use chassis::client::{self, Address};
use chassis::{Background, Database};
use http_body_util::BodyExt;
use orders::clients::{Addresses, Clients};
use orders::saga;
use serde_json::Value;
use tower::ServiceExt;
use uuid::Uuid;

use self::others::Others;

pub mod database;
pub mod others;
pub mod subscriber;

/// The service under test.
pub struct Service {
    router: Router,
    auth: Auth,
    clients: Clients,
    pub database: Database,
    /// Who asks, unless it is said otherwise.
    pub customer: Uuid,
}

/// What it answered. The body is null where there is none.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Value,
}

impl Service {
    /// The service on this database, with these others.
    pub async fn start(database: &str, others: &Others) -> Self {
        let migrations = orders::migrations();
        let database = Database::connect(database, 2, &migrations).await.unwrap();
        let (auth, clients) = (auth(), clients(&others.address));
        let api = orders::api(&auth, &clients);
        Self {
            router: app::build(api, database.clone(), Limits::default()),
            auth,
            clients,
            database,
            customer: Uuid::now_v7(),
        }
    }

    /// Starts the task that goes on with orders.
    pub fn go_on(&self) -> Background {
        let background = Background::default();
        saga::start(&self.database, &self.clients, &background);
        background
    }

    /// Sends any request, with a token of the customer.
    pub async fn send(&self, request: Request<Body>) -> Answer {
        self.send_as(self.customer, request).await
    }

    /// The same for another customer.
    pub async fn send_as(&self, customer: Uuid, mut request: Request<Body>) -> Answer {
        let token = self.auth.access_token(customer).unwrap();
        let token = format!("Bearer {token}").try_into().unwrap();
        request.headers_mut().insert(header::AUTHORIZATION, token);
        self.send_without_token(request).await
    }

    /// Sends a request as it is.
    pub async fn send_without_token(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        Answer {
            status: parts.status,
            headers: parts.headers,
            body: serde_json::from_slice(&body).unwrap_or_default(),
        }
    }

    /// Sends a request without a body.
    pub async fn call(&self, method: &str, path: &str) -> Answer {
        let request = Request::builder().method(method).uri(path);
        self.send(request.body(Body::empty()).unwrap()).await
    }

    /// Places an order; a request with a key can be sent again.
    pub async fn place(&self, key: Option<&str>, order: &Value) -> Answer {
        let request = Request::post("/place_order").header("content-type", "application/json");
        let request = match key {
            Some(key) => request.header("idempotency-key", key),
            None => request,
        };
        let body = Body::from(order.to_string());
        self.send(request.body(body).unwrap()).await
    }

    /// Waits until an order has come to its end, and gives it.
    pub async fn end_of(&self, order: &Value) -> Value {
        let path = format!("/orders/{}", order["id"].as_str().unwrap());
        for _ in 0..1200 {
            let order = self.call("GET", &path).await.body;
            if ["confirmed", "cancelled"].contains(&order["status"].as_str().unwrap()) {
                return order;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("{}", self.call("GET", &path).await.body);
    }
}

impl Answer {
    /// A header as text; empty if it is missing.
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    /// Checks that this is a problem of the given status, and returns the fields it blames, in
    /// order.
    pub fn problem(&self, status: StatusCode) -> Vec<&str> {
        assert_eq!(self.status, status, "{}", self.body);
        assert_eq!(self.header("content-type"), "application/problem+json");
        assert_eq!(self.body["status"], status.as_u16());
        let errors = self.body["errors"].as_array().into_iter().flatten();
        let mut fields: Vec<&str> = errors
            .map(|error| error["field"].as_str().unwrap())
            .collect();
        fields.sort_unstable();
        fields
    }
}

/// Signs and checks tokens with a key of its own.
pub fn auth() -> Auth {
    Auth::new(Settings::ephemeral("users").unwrap())
}

/// All other services at one address. They are waited for as long as a test can wait.
pub fn clients(address: &Address) -> Clients {
    let addresses = Addresses {
        products: address.clone(),
        inventory: address.clone(),
        payments: address.clone(),
    };
    let calls = client::Settings {
        timeout: Duration::from_secs(1),
        breaker_wait: Duration::from_millis(100),
        ..client::Settings::default()
    };
    Clients::new(&addresses, &calls).unwrap()
}
