//! Candidates: what one looks like, where they are stored, and how they are offered over HTTP.

pub mod model;
mod routes;
pub(crate) mod store;

pub use routes::routes;
