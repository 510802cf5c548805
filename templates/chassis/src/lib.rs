//! What the service stands on, whatever it is about: settings, logs, metrics, errors,{% if options.store == "sql" %} database,{% endif %}
//! start and stop.
//!
//! It is part of this repository so that you can read and change it. The usual order of events is
//! in the service's `main.rs`; what happens around each request is in [`app`].

pub mod app;
pub mod config;
{% if options.store == "sql" -%}
pub mod database;
pub mod decimal;
{% endif -%}
pub mod docs;
{% if options.store == "sql" -%}
pub mod etag;
pub mod extract;
{% endif -%}
pub mod health;
pub mod log;
pub mod metrics;
pub mod observe;
{% if options.store == "sql" -%}
pub mod page;
{% endif -%}
pub mod problem;
{% if options.store == "sql" -%}
pub mod schema;
pub mod select;
{% endif -%}
pub mod server;
{% if options.store == "sql" -%}
pub mod timestamp;
{% endif -%}
pub mod trace;

pub use config::Config;
{% if options.store == "sql" -%}
pub use database::Database;
pub use decimal::Decimal;
pub use etag::{IfMatch, IfNoneMatch, Tagged, Version};
pub use extract::{Id, ValidJson};
pub use page::{Page, PageRequest};
{% endif -%}
pub use problem::{FieldError, Problem};
{% if options.store == "sql" -%}
pub use select::Select;
pub use timestamp::Timestamp;
{% endif %}
/// What a handler returns: a value, or the problem that the client is told.
pub type Result<T> = std::result::Result<T, Problem>;
