//! The gateway's own settings, beside those that all services have. README.md has the table of them.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use axum::http::HeaderValue;
use chassis::upstream::Address;

use crate::route::Route;

/// Where the services are looked for on this machine: the first here, the next ones above.
const FIRST_LOCAL_PORT: u16 = 8080;

/// How the gateway treats clients and services.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where each service is.
    pub services: BTreeMap<&'static str, Address>,
    /// Calls to one service at the same time; more are refused with 503.
    pub concurrency: usize,
    /// How long a service that failed is left alone before it is tried again.
    pub breaker_wait: Duration,
    /// Bytes that answers kept for bad times may take.
    pub stale_bytes: u64,
    /// Requests that one client may send each second, in the long run; 0 for any number.
    pub rate_limit: u32,
    /// Requests that it may send at once.
    pub rate_burst: u32,
    /// Proxies between clients and the gateway whose `X-Forwarded-For` is believed.
    pub trusted_proxies: usize,
    /// Pages that may call the gateway from a browser.
    pub cors_origins: Origins,
}

impl Settings {
    /// Reads the settings, with an address for each service that the table leads to.
    pub fn read(given: &mut chassis::Settings, table: &[Route]) -> Self {
        let mut settings = Self::default();
        for route in table {
            if !settings.services.contains_key(route.service) {
                let next = u16::try_from(settings.services.len()).unwrap_or_default();
                let name = route.service.to_uppercase().replace('-', "_") + "_URL";
                let default = Address::local(FIRST_LOCAL_PORT.saturating_add(next));
                let address = given.get(&name, default);
                settings.services.insert(route.service, address);
            }
        }
        Self {
            concurrency: given.get("UPSTREAM_CONCURRENCY", settings.concurrency),
            breaker_wait: given.seconds("BREAKER_WAIT", settings.breaker_wait),
            stale_bytes: given.get("STALE_BYTES", settings.stale_bytes),
            rate_limit: given.get("RATE_LIMIT", settings.rate_limit),
            rate_burst: given.get("RATE_BURST", settings.rate_burst),
            trusted_proxies: given.get("TRUSTED_PROXIES", settings.trusted_proxies),
            cors_origins: given.get("CORS_ORIGINS", settings.cors_origins),
            services: settings.services,
        }
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            services: BTreeMap::new(),
            concurrency: 256,
            breaker_wait: Duration::from_secs(5),
            stale_bytes: 16 * 1024 * 1024,
            rate_limit: 100,
            rate_burst: 200,
            trusted_proxies: 0,
            cors_origins: Origins::default(),
        }
    }
}

/// Origins such as `https://shop.example`, separated by commas; `*` is any, nothing is none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Origins(pub Vec<HeaderValue>);

impl FromStr for Origins {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let origins = text
            .split(',')
            .map(str::trim)
            .filter(|origin| !origin.is_empty());
        let origin = |text: &str| {
            let is_origin = text == "*" || (text.contains("://") && !text.ends_with('/'));
            let value = HeaderValue::from_str(text).ok().filter(|_| is_origin);
            value.ok_or("must be origins such as https://shop.example, or *")
        };
        origins.map(origin).collect::<Result<_, _>>().map(Self)
    }
}

impl fmt::Display for Origins {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let origins: Vec<&str> = self.0.iter().filter_map(|o| o.to_str().ok()).collect();
        f.write_str(&origins.join(","))
    }
}

#[cfg(test)]
mod tests {
    use super::Origins;

    #[test]
    fn origins_are_a_list() {
        let origins: Origins = "https://a.example, https://b.example,"
            .parse()
            .unwrap_or_default();
        assert_eq!(origins.0, ["https://a.example", "https://b.example"]);
        assert!("shop.example".parse::<Origins>().is_err());
    }
}
