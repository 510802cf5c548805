//! Reservations: stock that is held for an order, until the order is done or the stock given back.
//!
//! Whoever places an order may ask twice, or give back what never arrived here: an order has one
//! reservation at most, and one that was given back stays so. Late requests change nothing then.

mod model;
mod routes;
mod store;

pub use model::{Reservation, ReservationInput, State};
pub use routes::routes;
