//! The service: the payments that it assesses, the events that it handles, and what it makes of
//! them. What all services have in common is in the crate `chassis`.

use axum::Extension;
use chassis::database::Migrations;
use chassis::{Database, inbox};
use utoipa_axum::router::OpenApiRouter;

use crate::clients::Clients;
use crate::handler::Events;

pub mod assess;
pub mod auc;
pub mod clients;
pub mod current;
mod desk;
pub mod feature;
pub mod handler;
pub mod held_out;
pub mod judge;
pub mod model;
pub mod rules;
mod store;

/// All routes, together with the OpenAPI document that describes them. Those that are the service's
/// own ask for what `main` adds: what is in use, and the deadline.
#[must_use]
pub fn api(clients: &Clients) -> OpenApiRouter<Database> {
    let name = env!("CARGO_PKG_NAME");
    let version = env!("CARGO_PKG_VERSION");
    let description = env!("CARGO_PKG_DESCRIPTION");
    let document = chassis::docs::document(name, version, description);
    OpenApiRouter::with_openapi(document)
        .merge(assess::routes())
        .merge(desk::routes())
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
