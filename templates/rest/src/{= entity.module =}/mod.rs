//! {= entity.Titles =}: what one looks like, where they are stored, and how they are offered over HTTP.

pub mod model;
{% if entity.list -%}
mod query;
{% endif -%}
{% if entity.checks -%}
mod references;
{% endif -%}
mod routes;
mod store;

pub use routes::routes;
