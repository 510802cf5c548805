{% if options.start and entities | length > 0 -%}
{% set first = entities[0] -%}
//! What this service does before its first request: the place for data that must be there, and for
//! work in the background.

{% if options.events == "outbox" or options.inbox -%}
use chassis::{Background, Config, Database, read};
{% else -%}
use chassis::{Config, Database, read};
{% endif -%}
use sqlx::query_scalar;

{% if clients -%}
use crate::clients::Clients;

{% endif -%}
const COUNT: &str = r#"SELECT COUNT(*) FROM {= first.sql.table =}"#;

/// What it goes by.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// Whether this is somebody's own machine.
    pub is_local: bool,
}

impl Settings {
    /// Reads those that were set; `given` has none for this, yet.
    pub fn read(_given: &mut chassis::Settings, config: &Config) -> Self {
        Self {
            is_local: config.host.is_loopback(),
        }
    }
}

/// A sample, to be replaced: tells how many {= first.titles =} there are.
pub async fn start(settings: &Settings, database: &Database{% if clients %}, _clients: &Clients{% endif %}{% if options.events == "outbox" or options.inbox %}, _background: &Background{% endif %}) -> anyhow::Result<()> {
    if settings.is_local {
        let count: i64 = read!(database, |pool| query_scalar(COUNT).fetch_one(pool))?;
        tracing::info!(count, "{= first.titles =} that are there");
    }
    Ok(())
}
{%- endif %}
