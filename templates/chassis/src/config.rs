//! Settings: a default, over it a file of `NAME=value` lines, over that the environment.

use std::collections::HashMap;
use std::net::IpAddr;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, bail};

use crate::app::Limits;
{% if options.auth == "jwt" -%}
use crate::auth;
{% endif -%}
{% if options.events == "inbox" -%}
use crate::inbox;
{% endif -%}
use crate::log::Format;
{% if options.events == "outbox" -%}
use crate::outbox::{self, Subscribers};
{% endif -%}

pub(crate) use layers::Layers;

mod layers;
#[cfg(test)]
mod tests;

/// The file that is read when `CONFIG_FILE` names no other.
const DEFAULT_FILE: &str = ".env";

/// All settings of the service. README.md has the table of them.
#[derive(Debug, Clone)]
pub struct Config {
    pub host: IpAddr,
    pub port: u16,
    pub management_port: u16,
{%- if options.store == "sql" %}
    pub database_url: String,
    pub database_connections: u32,
{%- endif %}
    pub log_filter: String,
    pub log_format: Format,
    pub limits: Limits,
{%- if options.events == "outbox" %}
    pub outbox: outbox::Settings,
{%- elif options.events == "inbox" %}
    pub inbox: inbox::Settings,
{%- endif %}
    pub shutdown_timeout: Duration,
{%- if options.auth == "jwt" %}
    pub auth: auth::Settings,
{%- endif %}
    /// Every setting with where it came from, fit to be logged.
    pub summary: String,
}

impl Config {
{%- if options.store == "sql" %}
    /// Reads the settings of the service `name`, which listens on `port` unless told otherwise.
{%- else %}
    /// Reads the settings of the service, which listens on `port` unless told otherwise.
{%- endif %}
    ///
    /// # Errors
    /// Names every setting that cannot be used, not just the first.
    pub fn load({% if options.store == "sql" %}name: &str, {% endif %}port: u16) -> anyhow::Result<Self> {
        let environment: HashMap<String, String> = std::env::vars().collect();
        let file = match environment.get("CONFIG_FILE") {
            Some(path) => read_file(Path::new(path))?,
            None if Path::new(DEFAULT_FILE).exists() => read_file(Path::new(DEFAULT_FILE))?,
            None => HashMap::new(),
        };
        Self::from_layers(
            Layers {
                environment,
                file,
                ..Layers::default()
            },
{%- if options.store == "sql" %}
            name,
{%- endif %}
            port,
        )
    }

    fn from_layers(mut layers: Layers, {% if options.store == "sql" %}name: &str, {% endif %}port: u16) -> anyhow::Result<Self> {
        let limits = Limits::default();
{%- if options.auth == "jwt" %}
        let host = layers.get("HOST", IpAddr::from([127, 0, 0, 1]));
        let config = Self {
            host,
{%- else %}
        let config = Self {
            host: layers.get("HOST", IpAddr::from([127, 0, 0, 1])),
{%- endif %}
            port: layers.get("PORT", port),
            management_port: layers.get("MANAGEMENT_PORT", 9090),
{%- if options.store == "sql" %}
            database_url: layers.get("DATABASE_URL", format!("sqlite://data/{name}.db")),
            database_connections: layers.get("DATABASE_CONNECTIONS", 10),
{%- endif %}
            log_filter: layers.get("RUST_LOG", "info".to_owned()),
            log_format: layers.get("LOG_FORMAT", Format::Auto),
            limits: Limits {
                request: layers.seconds("REQUEST_TIMEOUT", limits.request),
                body: layers.get("BODY_LIMIT", limits.body),
            },
{%- if options.events == "outbox" %}
            outbox: outbox::Settings {
                nats_url: layers.get("NATS_URL", String::new()),
                subscribers: layers.get("EVENT_SUBSCRIBERS", Subscribers::default()),
                retention: layers.seconds("EVENT_RETENTION", Duration::from_hours(7 * 24)),
            },
{%- elif options.events == "inbox" %}
            inbox: inbox::Settings {
                nats_url: layers.get("NATS_URL", String::new()),
                attempts: layers.get("EVENT_ATTEMPTS", 10),
                concurrency: layers.get("EVENT_CONCURRENCY", 4),
                retention: layers.seconds("EVENT_RETENTION", Duration::from_hours(7 * 24)),
            },
{%- endif %}
            shutdown_timeout: layers.seconds("SHUTDOWN_TIMEOUT", Duration::from_secs(20)),
{%- if options.auth == "jwt" %}
            auth: auth::Settings::read(&mut layers, name, host)?,
{%- endif %}
            summary: String::new(),
        };
        if !layers.errors.is_empty() {
            bail!("settings that cannot be used: {}", layers.errors.join("; "));
        }
        Ok(Self {
            summary: layers.summary.join(" "),
            ..config
        })
    }
}

fn read_file(path: &Path) -> anyhow::Result<HashMap<String, String>> {
    let lines =
        dotenvy::from_path_iter(path).with_context(|| format!("cannot read {}", path.display()))?;
    lines
        .collect::<Result<_, _>>()
        .with_context(|| format!("{} is not made of NAME=value lines", path.display()))
}
