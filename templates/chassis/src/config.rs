//! Settings: a default, over it a file of `NAME=value` lines, over that the environment.

use std::collections::HashMap;
use std::fmt::Display;
use std::net::IpAddr;
use std::path::Path;
use std::str::FromStr;
use std::time::Duration;

use anyhow::{Context, bail};

use crate::app::Limits;
{% if options.events == "inbox" -%}
use crate::inbox;
{% endif -%}
use crate::log::Format;
{% if options.events == "outbox" -%}
use crate::outbox::{self, Subscribers};
{% endif %}
/// The file that is read when `CONFIG_FILE` names no other.
const DEFAULT_FILE: &str = ".env";

/// All settings of the service. README.md has the table of them.
#[derive(Debug, Clone)]
pub struct Config {
    pub host: IpAddr,
    pub port: u16,
    pub management_port: u16,
    pub database_url: String,
    pub database_connections: u32,
    pub log_filter: String,
    pub log_format: Format,
    pub limits: Limits,
{%- if options.events == "outbox" %}
    pub outbox: outbox::Settings,
{%- elif options.events == "inbox" %}
    pub inbox: inbox::Settings,
{%- endif %}
    pub shutdown_timeout: Duration,
    /// Every setting with where it came from, fit to be logged.
    pub summary: String,
}

impl Config {
    /// Reads the settings of the service `name`, which listens on `port` unless told otherwise.
    ///
    /// # Errors
    /// Names every setting that cannot be used, not just the first.
    pub fn load(name: &str, port: u16) -> anyhow::Result<Self> {
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
            name,
            port,
        )
    }

    fn from_layers(mut layers: Layers, name: &str, port: u16) -> anyhow::Result<Self> {
        let limits = Limits::default();
        let config = Self {
            host: layers.get("HOST", IpAddr::from([127, 0, 0, 1])),
            port: layers.get("PORT", port),
            management_port: layers.get("MANAGEMENT_PORT", 9090),
            database_url: layers.get("DATABASE_URL", format!("sqlite://data/{name}.db")),
            database_connections: layers.get("DATABASE_CONNECTIONS", 10),
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

/// Where settings come from, and what was found.
#[derive(Default)]
struct Layers {
    environment: HashMap<String, String>,
    file: HashMap<String, String>,
    summary: Vec<String>,
    errors: Vec<String>,
}

impl Layers {
    fn seconds(&mut self, name: &str, default: Duration) -> Duration {
        Duration::from_secs(self.get(name, default.as_secs()))
    }

    /// One setting; a value that cannot be read is noted, so that all of them are told at once.
    fn get<T: FromStr<Err: Display> + Display>(&mut self, name: &str, default: T) -> T {
        let environment = self
            .environment
            .get(name)
            .map(|value| (value, "environment"));
        let found = environment.or_else(|| self.file.get(name).map(|value| (value, "file")));
        let (value, origin) = match found {
            None => (default, "default"),
            Some((text, origin)) => match text.parse() {
                Ok(value) => (value, origin),
                Err(error) => {
                    self.errors
                        .push(format!("{name}={:?} ({error})", without_secrets(text)));
                    (default, origin)
                }
            },
        };
        self.summary.push(format!(
            "{name}={} ({origin})",
            without_secrets(&value.to_string())
        ));
        value
    }
}

/// Hides what stands before the `@` of a URL, and its query, where drivers accept passwords, too.
fn without_secrets(text: &str) -> String {
    let Some((scheme, rest)) = text.split_once("://") else {
        return text.to_owned();
    };
    let address = rest.split('?').next().unwrap_or_default();
    match address.rsplit_once('@') {
        Some((_, host)) => format!("{scheme}://***@{host}"),
        None => format!("{scheme}://{address}"),
    }
}

#[cfg(test)]
mod tests {
    use super::{Config, Layers, without_secrets};

    fn layers(environment: &[(&str, &str)], file: &[(&str, &str)]) -> Layers {
        let map = |pairs: &[(&str, &str)]| {
            pairs
                .iter()
                .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
                .collect()
        };
        Layers {
            environment: map(environment),
            file: map(file),
            ..Layers::default()
        }
    }

    #[test]
    fn environment_goes_over_file_over_default() {
        let layers = layers(&[("PORT", "1")], &[("PORT", "2"), ("MANAGEMENT_PORT", "3")]);
        let config = Config::from_layers(layers, "shop", 8080).unwrap();
        assert_eq!((config.port, config.management_port), (1, 3));
        assert_eq!(config.database_url, "sqlite://data/shop.db");
        assert!(
            config
                .summary
                .contains("PORT=1 (environment) MANAGEMENT_PORT=3 (file)"),
            "{}",
            config.summary
        );
    }

    #[test]
    fn tells_of_every_bad_setting_at_once() {
        let layers = layers(&[("PORT", "70000"), ("HOST", "nowhere")], &[]);
        let error = Config::from_layers(layers, "shop", 8080)
            .unwrap_err()
            .to_string();
        assert!(
            error.contains("PORT=\"70000\"") && error.contains("HOST=\"nowhere\""),
            "{error}"
        );
    }

    #[test]
    fn shows_no_secret() {
        assert_eq!(
            without_secrets("postgres://me:p@ss@db:5432/shop?password=x"),
            "postgres://***@db:5432/shop"
        );
        assert_eq!(
            without_secrets("sqlite://data/shop.db"),
            "sqlite://data/shop.db"
        );
    }
}
