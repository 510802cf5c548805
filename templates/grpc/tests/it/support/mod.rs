//! A whole service in the test's own process: no socket, but a real database of its own.
//!
//! It is SQLite in a temporary file, or with `TEST_DATABASE_URL` a schema of its own on that
//! PostgreSQL server.

{% if options.auth == "jwt" -%}
use std::future::ready;
use std::sync::Arc;
use std::time::Duration;

{% endif -%}
use axum::Router;
{%- if options.auth == "jwt" %}
use axum::extract::Request;
use axum::http::{HeaderValue, header};
use axum::middleware::map_request;
{%- endif %}
use chassis::Database;
{%- if clients %}
use chassis::client::{self, Address};
{%- endif %}
use chassis::health::Readiness;
use chassis::rpc::{self, Limits};
{%- if options.auth == "jwt" %}
use chassis::tokens::{Settings, Tokens};
{%- endif %}
use tonic::{Code, Response, Status};
use tonic_types::StatusExt;
{%- if options.auth == "jwt" %}
use uuid::Uuid;
{%- endif %}

{% if clients -%}
use {= names.snake =}::clients::{Addresses, Clients};
{% endif -%}
pub use {= names.snake =}::proto;

{% if options.cache != "none" -%}
use self::cache::cache;
{% endif -%}
use self::database::TestDatabase;
{%- if uses.checks %}
use self::others::others;
{%- endif %}

{% if options.cache != "none" -%}
mod cache;
{% endif -%}
mod database;
{%- if uses.checks %}
mod others;
{%- endif %}

/// The service under test.
pub struct Service {
    /// What a client calls instead of a server{% if options.auth == "jwt" %}; a token goes with every call{% endif %}.
    pub router: Router,
{%- if options.auth == "jwt" %}
    /// The same, without a token of its own.
    pub bare: Router,
    /// What signs tokens that it knows.
    pub tokens: Arc<Tokens>,
{%- endif %}
{%- if options.cache != "none" %}
    pub database: Database,
{%- endif %}
    _database: TestDatabase,
}

impl Service {
    /// The service with an empty database.
    pub async fn start() -> Self {
{%- if uses.checks %}
        Self::start_among(&others().await).await
    }

    /// The same, with the services that it calls at this address.
    pub async fn start_among(others: &Address) -> Self {
{%- endif %}
        let database = TestDatabase::create().await;
        let migrations = {= names.snake =}::migrations();
        let connection = Database::connect(&database.url, 2, &migrations).await;
        let (connection, limits) = (connection.unwrap(), Limits::default());
{%- if options.auth == "jwt" %}
        let tokens = Arc::new(Tokens::new(&Settings::ephemeral("users").unwrap()));
        let api = {= names.snake =}::api(&connection, {% if options.cache != "none" %}&cache(), {% endif %}limits, &tokens{% if uses.checks %}, &clients(others){% elif clients %}, &clients(&nobody()){% endif %});
        let bare = rpc::build(api, Readiness::default(), limits).unwrap();
        let token = tokens.issue(Uuid::nil(), Duration::from_hours(1)).unwrap();
        let token = HeaderValue::try_from(format!("Bearer {token}")).unwrap();
        let with_token = map_request(move |mut request: Request| {
            let headers = request.headers_mut();
            headers.insert(header::AUTHORIZATION, token.clone());
            ready(request)
        });
        Self {
            router: bare.clone().layer(with_token),
            bare,
            tokens,
{%- if options.cache != "none" %}
            database: connection,
{%- endif %}
            _database: database,
        }
{%- else %}
        let api = {= names.snake =}::api(&connection, {% if options.cache != "none" %}&cache(), {% endif %}limits{% if uses.checks %}, &clients(others){% elif clients %}, &clients(&nobody()){% endif %});
        Self {
            router: rpc::build(api, Readiness::default(), limits).unwrap(),
{%- if options.cache != "none" %}
            database: connection,
{%- endif %}
            _database: database,
        }
{%- endif %}
    }
}

{% if clients -%}
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

{% if uses.nobody -%}
/// Where no service is.
pub fn nobody() -> Address {
    Address::local(1)
}

{% endif -%}
{% endif -%}
/// Checks that a call was refused with this code, and returns the fields that are blamed, in order.
pub fn blamed<T>(answer: Result<Response<T>, Status>, code: Code) -> Vec<String> {
    let Err(status) = answer else {
        panic!("it was not refused");
    };
    assert_eq!(status.code(), code, "{status:?}");
    let details = status.get_details_bad_request().into_iter();
    let violations = details.flat_map(|details| details.field_violations);
    let mut fields: Vec<String> = violations.map(|violation| violation.field).collect();
    fields.sort_unstable();
    fields
}
{%- if uses.moments %}

/// A moment as messages hold it.
pub fn moment(text: &str) -> prost_types::Timestamp {
    text.parse::<chassis::Timestamp>().unwrap().into()
}
{%- endif %}
