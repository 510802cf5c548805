//! A whole service in the test's own process: no socket, but a real database of its own.
//!
//! It is SQLite in a temporary file, or with `TEST_DATABASE_URL` a schema of its own on that
//! PostgreSQL server.

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use chassis::Database;
use chassis::app::{self, Limits};
use http_body_util::BodyExt;
use serde_json::Value;
use tower::ServiceExt;

use self::database::TestDatabase;

mod database;

/// The service under test.
pub struct Service {
    router: Router,
    pub database: Database,
    _database: TestDatabase,
}

/// What it answered. The body is null where there is none.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Value,
}

impl Service {
    /// The service with an empty database.
    pub async fn start() -> Self {
        let database = TestDatabase::create().await;
        let migrations = cases::migrations();
        let connection = Database::connect(&database.url, 2, &migrations).await;
        let api = cases::api();
        let connection = connection.unwrap();
        let router = app::build(api, connection.clone(), Limits::default());
        Self {
            router,
            database: connection,
            _database: database,
        }
    }

    /// Sends any request.
    pub async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        let body = serde_json::from_slice(&body).unwrap_or_default();
        Answer {
            status: parts.status,
            headers: parts.headers,
            body,
        }
    }

    /// Sends a request without a body.
    pub async fn call(&self, method: &str, path: &str) -> Answer {
        let request = Request::builder().method(method).uri(path);
        self.send(request.body(Body::empty()).unwrap()).await
    }

    /// Sends a request with a JSON body.
    pub async fn call_with(&self, method: &str, path: &str, body: &Value) -> Answer {
        let request = Request::builder().method(method).uri(path);
        let request = request.header(header::CONTENT_TYPE, "application/json");
        self.send(request.body(Body::from(body.to_string())).unwrap())
            .await
    }

    /// The same under a condition: `if-match` or `if-none-match`.
    pub async fn call_if(
        &self,
        method: &str,
        path: &str,
        condition: (&str, &str),
        body: &Value,
    ) -> Answer {
        let request = Request::builder().method(method).uri(path);
        let request = request.header(condition.0, condition.1);
        let request = request.header(header::CONTENT_TYPE, "application/json");
        self.send(request.body(Body::from(body.to_string())).unwrap())
            .await
    }
}

impl Answer {
    /// A header as text; empty if it is missing.
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    /// Where the `Link` header says that the next page is.
    pub fn next_page(&self) -> Option<String> {
        let link = self.header("link").strip_prefix('<')?;
        let path = link.strip_suffix(">; rel=\"next\"")?;
        Some(path.to_owned())
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

/// The names of an object's members, in order.
pub fn field_names(object: &Value) -> Vec<&str> {
    object
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect()
}
