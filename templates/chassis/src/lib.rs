//! What the service stands on, whatever it is about: settings, logs, metrics, errors, database,
//! start and stop.
//!
//! It is part of this repository so that you can read and change it. The usual order of events is
//! in the service's `main.rs`; what happens around each request is in [`app`].

pub mod app;
{% if options.events == "outbox" or options.events == "inbox" -%}
pub mod background;
pub mod cloud_event;
{% endif -%}
pub mod config;
pub mod database;
pub mod decimal;
pub mod docs;
pub mod etag;
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
pub mod page;
pub mod problem;
pub mod schema;
pub mod select;
pub mod server;
pub mod timestamp;
pub mod trace;
{% if options.events == "outbox" or options.events == "inbox" -%}
pub mod transaction;
{% endif %}
{% if options.events == "outbox" or options.events == "inbox" -%}
pub use background::Background;
pub use cloud_event::CloudEvent;
{% endif -%}
pub use config::Config;
pub use database::Database;
pub use decimal::Decimal;
pub use etag::{IfMatch, IfNoneMatch, Tagged, Version};
pub use extract::{Id, ValidJson};
pub use page::{Page, PageRequest};
pub use problem::{FieldError, Problem};
pub use select::Select;
pub use timestamp::Timestamp;
{% if options.events == "outbox" or options.events == "inbox" -%}
pub use transaction::Transaction;
{% endif %}
/// What a handler returns: a value, or the problem that the client is told.
pub type Result<T> = std::result::Result<T, Problem>;
