//! Tickets: questions that wait for people. Each is taken by one of them, who answers it.

mod events;
mod model;
mod routes;
mod store;

pub use events::handle;
pub use model::{Status, Ticket};
pub use routes::routes;
