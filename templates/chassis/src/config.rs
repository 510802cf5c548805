//! The settings that every service has: where it listens, what it logs, how it ends. README.md has
//! the table of all.

use std::net::IpAddr;
use std::time::Duration;

use crate::log::Format;
use crate::settings::Settings;

/// What every service must know.
#[derive(Debug, Clone)]
pub struct Config {
    pub host: IpAddr,
    pub port: u16,
    pub management_port: u16,
    pub log_filter: String,
    pub log_format: Format,
    pub shutdown_timeout: Duration,
}

impl Config {
    /// Reads the settings of a service that listens on `port` unless told otherwise.
    pub fn read(settings: &mut Settings, port: u16) -> Self {
        Self {
            host: settings.get("HOST", IpAddr::from([127, 0, 0, 1])),
            port: settings.get("PORT", port),
            management_port: settings.get("MANAGEMENT_PORT", 9090),
            log_filter: settings.get("RUST_LOG", "info".to_owned()),
            log_format: settings.get("LOG_FORMAT", Format::Auto),
            shutdown_timeout: settings.seconds("SHUTDOWN_TIMEOUT", Duration::from_secs(20)),
        }
    }
}
