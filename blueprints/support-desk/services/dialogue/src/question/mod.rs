//! Questions: what one looks like, what becomes of it, where it is stored, and how it is asked.

mod change;
mod model;
mod replies;
mod routes;
pub mod store;

pub use model::{Question, QuestionInput, Reason, Status};
pub use replies::routes as reply_routes;
pub use routes::routes;
