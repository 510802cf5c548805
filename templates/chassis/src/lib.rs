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
{% if options.events == "outbox" or options.events == "inbox" -%}
pub mod background;
pub mod cloud_event;
{% endif -%}
pub mod config;
{% if options.store == "sql" -%}
pub mod database;
{% endif -%}
pub mod decimal;
pub mod docs;
{% if options.store == "sql" -%}
pub mod etag;
{% endif -%}
pub mod extract;
pub mod health;
{% if options.events == "inbox" -%}
pub mod inbox;
{% endif -%}
pub mod log;
pub mod metrics;
{% if options.events == "outbox" or options.events == "inbox" -%}
pub mod nats;
{% endif -%}
pub mod observe;
{% if options.events == "outbox" -%}
pub mod outbox;
{% endif -%}
{% if options.store == "sql" -%}
pub mod page;
{% endif -%}
pub mod problem;
pub mod schema;
{% if options.store == "sql" -%}
pub mod select;
{% endif -%}
pub mod server;
pub mod timestamp;
pub mod trace;
{% if options.events == "outbox" or options.events == "inbox" -%}
pub mod transaction;
{% endif %}
{% if options.auth == "jwt" -%}
pub use auth::{Auth, Identity};
{% endif -%}
{% if options.events == "outbox" or options.events == "inbox" -%}
pub use background::Background;
pub use cloud_event::CloudEvent;
{% endif -%}
pub use config::Config;
{% if options.store == "sql" -%}
pub use database::Database;
{% endif -%}
pub use decimal::Decimal;
{% if options.store == "sql" -%}
pub use etag::{IfMatch, IfNoneMatch, Tagged, Version};
{% endif -%}
pub use extract::{Id, ValidJson};
{% if options.store == "sql" -%}
pub use page::{Page, PageRequest};
{% endif -%}
pub use problem::{FieldError, Problem};
{% if options.store == "sql" -%}
pub use select::Select;
{% endif -%}
pub use timestamp::Timestamp;
{% if options.events == "outbox" or options.events == "inbox" -%}
pub use transaction::Transaction;
{% endif %}
/// What a handler returns: a value, or the problem that the client is told.
pub type Result<T> = std::result::Result<T, Problem>;
