//! Another service, seen from here: where it is, how it is reached, and what keeps both sides alive
//! when it does not do well.

mod address;
mod breaker;
mod connections;
pub mod meters;
mod retries;

pub use address::Address;
pub use breaker::{Breaker, Resting};
{% if needs.dial -%}
pub use connections::{Connections, http1, http2};
{% else -%}
pub use connections::{Connections, http1};
{% endif -%}
pub use retries::{Pauses, Retries};
