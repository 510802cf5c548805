//! Cases: what one looks like, where they are stored, how they are offered over HTTP, and how they
//! are opened and decided.

mod decide;
pub mod model;
mod open;
mod query;
mod routes;
mod store;

pub use open::open;
use utoipa_axum::router::OpenApiRouter;

/// The routes of cases.
#[must_use]
pub fn routes() -> OpenApiRouter<chassis::Database> {
    routes::routes().merge(decide::routes())
}
