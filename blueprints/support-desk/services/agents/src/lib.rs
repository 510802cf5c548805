//! The service: what it stores and the API that it offers. What all services have in common is in
//! the crate `chassis`.

use axum::Extension;
use chassis::database::Migrations;
use chassis::{Database, inbox};
use utoipa_axum::router::OpenApiRouter;

use crate::clients::Clients;
use crate::handler::Events;

pub mod clients;
pub mod handler;
pub mod ticket;

/// All routes, together with the OpenAPI document that describes them.
#[must_use]
pub fn api(clients: &Clients) -> OpenApiRouter<Database> {
    let name = env!("CARGO_PKG_NAME");
    let version = env!("CARGO_PKG_VERSION");
    let description = env!("CARGO_PKG_DESCRIPTION");
    let document = chassis::docs::document(name, version, description);
    OpenApiRouter::with_openapi(document)
        .merge(ticket::routes())
        .layer(Extension(clients.clone()))
        .merge(inbox::routes::<Events>())
}

/// The migrations, which are part of the binary.
#[must_use]
pub fn migrations() -> Migrations {
    Migrations {
        sqlite: sqlx::migrate!("migrations/sqlite"),
        postgres: sqlx::migrate!("migrations/postgres"),
    }
}
