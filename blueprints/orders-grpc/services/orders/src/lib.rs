//! The service: what it stores and the API that it offers. What all services have in common is in
//! the crate `chassis`.

use chassis::Database;
use chassis::database::Migrations;
use chassis::rpc::{Api, Limits};

pub mod order;

/// Messages and services, made from the files in `proto/` when the service is built.
pub mod proto {
    #![allow(clippy::all, clippy::pedantic, reason = "nobody reads it")]

    tonic::include_proto!("orders.v1");

    /// The same files, compiled: what reflection shows.
    pub const DESCRIPTORS: &[u8] = tonic::include_file_descriptor_set!("descriptors");
}

/// The same of `proto/order.proto`.
pub mod placing {
    #![allow(clippy::all, clippy::pedantic, reason = "nobody reads it")]

    tonic::include_proto!("order");
}

/// All services of the API.
#[must_use]
pub fn api(database: &Database, limits: Limits) -> Api {
    Api::new(proto::DESCRIPTORS)
        .with(order::service(database, limits))
        .with(order::placing(database, limits))
}

/// The migrations, which are part of the binary.
#[must_use]
pub fn migrations() -> Migrations {
    Migrations {
        sqlite: sqlx::migrate!("migrations/sqlite"),
        postgres: sqlx::migrate!("migrations/postgres"),
    }
}
