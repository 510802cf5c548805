{% set with_handlers = options.inbox and (clients or options.cache != "none") -%}
{% if options.store == "sql" -%}
//! A whole service in the test's own process: no socket, but a real database of its own.
//!
//! It is SQLite in a temporary file, or with `TEST_DATABASE_URL` a schema of its own on that
//! PostgreSQL server.
{% else -%}
//! A whole service in the test's own process, without a socket.
{% endif %}
use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, {% if options.auth == "jwt" %}HeaderValue, {% endif %}Request, StatusCode, header};
{% if options.store == "sql" -%}
use chassis::Database;
{% endif -%}
use chassis::app::{self, Limits};
{% if options.auth == "jwt" -%}
use chassis::auth::{Auth, Settings};
{% endif -%}
{% if clients -%}
use chassis::client::{self, Address};
{% endif -%}
use http_body_util::BodyExt;
use serde_json::Value;
use tower::ServiceExt;
{% if options.auth == "jwt" -%}
use uuid::Uuid;
{% endif %}
{% if clients -%}
use {= names.snake =}::clients::{Addresses, Clients};
{% endif -%}
{% if with_handlers -%}
use {= names.snake =}::handler::Events;
{% endif -%}
{% if clients or with_handlers %}
{% endif -%}
{% if options.store == "sql" -%}
{% if options.cache != "none" -%}
pub use self::cache::cache;
{% endif -%}
use self::database::TestDatabase;
{% if uses.checks -%}
use self::others::others;
{% endif %}
{% if options.cache != "none" -%}
mod cache;
{% endif -%}
mod database;
{% if options.inbox -%}
pub mod inbox;
{% endif -%}
{% if uses.checks -%}
mod others;
{% endif -%}
{% if options.events == "outbox" -%}
pub mod subscriber;
{% endif %}
{% endif -%}
/// The service under test.
pub struct Service {
    router: Router,
{%- if options.auth == "jwt" %}
    /// Goes with every request that brings none of its own.
    token: HeaderValue,
{%- endif %}
{%- if options.events == "outbox" or options.cache != "none" or options.inbox %}
    pub database: Database,
{%- endif %}
{%- if with_handlers %}
    /// With what they share with the routes.
    pub handlers: Events,
{%- endif %}
{%- if options.store == "sql" %}
    _database: TestDatabase,
{%- endif %}
}

/// What it answered. The body is null where there is none.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Value,
}

impl Service {
{%- if options.store == "none" %}
    /// The service.
    pub fn start() -> Self {
        let api = {= names.snake =}::api({% if clients %}&clients(&nobody()){% endif %});
        let router = app::build(api, (), Limits::default());
        Self { router }
    }
{%- else %}
    /// The service with an empty database.
{%- if options.auth == "jwt" %}
    pub async fn start() -> Self {
        Self::start_with(auth()).await
    }

    /// The same, with these keys and this patience for passwords.
    pub async fn start_with(auth: Auth) -> Self {
{%- if clients %}
        Self::start_among(auth, {% if uses.checks %}&others().await{% else %}&nobody(){% endif %}).await
    }

    /// The same, with the services that it calls at this address.
    pub async fn start_among(auth: Auth, others: &Address) -> Self {
{%- endif %}
{%- else %}
    pub async fn start() -> Self {
{%- if clients %}
        Self::start_among({% if uses.checks %}&others().await{% else %}&nobody(){% endif %}).await
    }

    /// The same, with the services that it calls at this address.
    pub async fn start_among(others: &Address) -> Self {
{%- endif %}
{%- endif %}
        let database = TestDatabase::create().await;
        let migrations = {= names.snake =}::migrations();
        let connection = Database::connect(&database.url, 2, &migrations).await;
{%- if options.auth == "jwt" %}
        let token = auth.access_token(Uuid::nil()).unwrap();
        let token = HeaderValue::try_from(format!("Bearer {token}"));
{%- endif %}
{%- if with_handlers and not clients %}
        let handlers = Events { cache: cache() };
{%- elif with_handlers %}
        let handlers = Events {
{%- if options.cache != "none" %}
            cache: cache(),
{%- endif %}
{%- if clients %}
            clients: clients(others),
{%- endif %}
        };
{%- endif %}
        let api = {= names.snake =}::api({% if options.auth == "jwt" %}&auth{% endif %}{% if options.auth == "jwt" and options.cache != "none" %}, {% endif %}{% if options.cache != "none" %}{% if with_handlers %}&handlers.cache{% else %}&cache(){% endif %}{% endif %}{% if clients %}{% if options.auth == "jwt" or options.cache != "none" %}, {% endif %}{% if with_handlers %}&handlers.clients{% else %}&clients(others){% endif %}{% endif %});
{%- if options.events == "outbox" or options.cache != "none" or options.inbox %}
        let connection = connection.unwrap();
        let router = app::build(api, connection.clone(), Limits::default());
{%- else %}
        let router = app::build(api, connection.unwrap(), Limits::default());
{%- endif %}
        Self {
            router,
{%- if options.auth == "jwt" %}
            token: token.unwrap(),
{%- endif %}
{%- if options.events == "outbox" or options.cache != "none" or options.inbox %}
            database: connection,
{%- endif %}
{%- if with_handlers %}
            handlers,
{%- endif %}
            _database: database,
        }
    }
{%- endif %}

    /// Sends any request.
{%- if options.auth == "jwt" %}
    pub async fn send(&self, mut request: Request<Body>) -> Answer {
        let headers = request.headers_mut().entry(header::AUTHORIZATION);
        headers.or_insert_with(|| self.token.clone());
{%- else %}
    pub async fn send(&self, request: Request<Body>) -> Answer {
{%- endif %}
        answer(self.router.clone(), request).await
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
{%- if entities | length > 0 %}

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
{%- endif %}
}

impl Answer {
    /// A header as text; empty if it is missing.
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }
{%- if entities | length > 0 %}

    /// Where the `Link` header says that the next page is.
    pub fn next_page(&self) -> Option<String> {
        let link = self.header("link").strip_prefix('<')?;
        let path = link.strip_suffix(">; rel=\"next\"")?;
        Some(path.to_owned())
    }
{%- endif %}

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

async fn answer(router: Router, request: Request<Body>) -> Answer {
    let response = router.oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    let body = serde_json::from_slice(&body).unwrap_or_default();
    Answer {
        status: parts.status,
        headers: parts.headers,
        body,
    }
}
{%- if options.auth == "jwt" %}

/// Signs and checks tokens with a key of its own.
pub fn auth() -> Auth {
    Auth::new(Settings::ephemeral(env!("CARGO_PKG_NAME")).unwrap())
}
{%- endif %}
{%- if clients %}

/// Clients of services that are all at one address.
pub fn clients(all: &Address) -> Clients {
{%- if clients | length == 1 and clients[0].field | length <= 5 %}
    let addresses = Addresses { {= clients[0].field =}: all.clone() };
{%- else %}
    let addresses = Addresses {
{%- for client in clients %}
        {= client.field =}: all.clone(),
{%- endfor %}
    };
{%- endif %}
    Clients::new(&addresses, &client::Settings::default()).unwrap()
}

/// Where no service is.
pub fn nobody() -> Address {
    Address::local(1)
}
{%- endif %}
{%- if entities | length > 0 %}

/// The names of an object's members, in order.
pub fn field_names(object: &Value) -> Vec<&str> {
    object
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect()
}
{%- endif %}
