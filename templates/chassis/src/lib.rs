{% if options.store == "sql" -%}
//! What the service stands on, whatever it is about: settings, logs, metrics, errors, database,
//! start and stop.
{% else -%}
//! What the service stands on, whatever it is about: settings, logs, metrics, errors, start and
//! stop.
{% endif -%}
//!
//! It is part of this repository so that you can read and change it. The usual order of events is
//! in the service's `main.rs`; what happens around each request is in [`app`].

pub mod app;
{% if options.auth == "jwt" -%}
pub mod auth;
{% endif -%}
pub mod config;
{% if options.store == "sql" -%}
pub mod database;
{% endif -%}
{% if options.api != "gateway" -%}
pub mod decimal;
{% endif -%}
pub mod docs;
{% if options.store == "sql" -%}
pub mod etag;
{% endif -%}
{% if options.api != "gateway" -%}
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
{% if options.api != "gateway" -%}
pub mod schema;
{% endif -%}
{% if options.store == "sql" -%}
pub mod select;
{% endif -%}
pub mod server;
{% if options.api != "gateway" -%}
pub mod timestamp;
{% endif -%}
pub mod trace;

{% if options.auth == "jwt" -%}
pub use auth::{Auth, Identity};
{% endif -%}
pub use config::Config;
{% if options.store == "sql" -%}
pub use database::Database;
{% endif -%}
{% if options.api != "gateway" -%}
pub use decimal::Decimal;
{% endif -%}
{% if options.store == "sql" -%}
pub use etag::{IfMatch, IfNoneMatch, Tagged, Version};
{% endif -%}
{% if options.api != "gateway" -%}
pub use extract::{Id, ValidJson};
{% endif -%}
{% if options.store == "sql" -%}
pub use page::{Page, PageRequest};
{% endif -%}
pub use problem::{FieldError, Problem};
{% if options.store == "sql" -%}
pub use select::Select;
{% endif -%}
{% if options.api != "gateway" -%}
pub use timestamp::Timestamp;
{% endif %}
/// What a handler returns: a value, or the problem that the client is told.
pub type Result<T> = std::result::Result<T, Problem>;
