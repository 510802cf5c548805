//! Orders: what one looks like, where they are stored, and how they are placed and shown.

mod model;
mod routes;
pub mod store;

pub use model::{Order, OrderInput, Status};
pub use routes::routes;
