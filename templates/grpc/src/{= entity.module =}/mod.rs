//! {= entity.Titles =}: what one looks like, where they are stored, and how they are offered over gRPC.

mod convert;
pub mod model;
{% if entity.list -%}
mod query;
{% endif -%}
{% if entity.checks -%}
mod references;
{% endif -%}
mod rpc;
mod store;

pub use rpc::service;
