//! Accounts: whoever registers can log in, and gets tokens that the other routes ask for.

pub mod model;
mod routes;
mod store;

pub use routes::routes;
