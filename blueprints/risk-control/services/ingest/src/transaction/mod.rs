//! Transactions: what one looks like, where they are stored, and how they are taken in and shown.

mod model;
mod routes;
mod store;

pub use model::{Basis, Decision, Transaction, TransactionInput};
pub use routes::routes;
