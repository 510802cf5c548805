//! Accounts: whoever registers can log in, and gets tokens that the other routes ask for.

pub mod model;
mod routes;
mod store;

{% if entities | length > 0 -%}
pub use routes::routes;
{% else -%}
pub use routes::{account, routes};
{% endif -%}
