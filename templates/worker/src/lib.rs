//! The service: the events that it handles, and what it makes of them. What all services have in
//! common is in the crate `chassis`.

{% if clients -%}
use axum::Extension;
{% endif -%}
use chassis::database::Migrations;
use chassis::{Database, inbox};
use utoipa_axum::router::OpenApiRouter;

{% if clients -%}
use crate::clients::Clients;
{% endif -%}
use crate::handler::Events;

{% if clients -%}
pub mod clients;
{% endif -%}
pub mod handler;
pub mod tally;

/// All routes, together with the OpenAPI document that describes them.
#[must_use]
pub fn api({% if clients %}clients: &Clients{% endif %}) -> OpenApiRouter<Database> {
    let name = env!("CARGO_PKG_NAME");
    let version = env!("CARGO_PKG_VERSION");
    let description = env!("CARGO_PKG_DESCRIPTION");
    let document = chassis::docs::document(name, version, description);
    OpenApiRouter::with_openapi(document)
        .merge(inbox::routes::<Events>())
        .merge(tally::routes())
{%- if clients %}
        .layer(Extension(clients.clone()))
{%- endif %}
}

/// The migrations, which are part of the binary.
#[must_use]
pub fn migrations() -> Migrations {
    Migrations {
        sqlite: sqlx::migrate!("migrations/sqlite"),
        postgres: sqlx::migrate!("migrations/postgres"),
    }
}
