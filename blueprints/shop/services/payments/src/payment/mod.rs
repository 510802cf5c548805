//! Payments: what an order took from its customer's account, and what was given back.
//!
//! As with reservations elsewhere, an order has one payment at most; one that was given back, or
//! was never taken, stays so whatever comes later.

mod model;
mod routes;
mod store;

pub use model::{Payment, PaymentInput, State};
pub use routes::routes;
