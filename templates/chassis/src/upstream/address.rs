//! Where a service is.

use std::fmt;
use std::str::FromStr;

use axum::http::uri::{Authority, Uri};

use crate::settings;

/// The address of a service: `http://NAME` or `http://NAME:PORT`, and nothing behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address(Authority);

impl Address {
    /// Reads the setting `variable`, such as `ORDERS_URL`; without it, the service is at a port of
    /// this machine.
    pub fn read(given: &mut settings::Settings, variable: &str, port: u16) -> Self {
        given.get(variable, Self::local(port))
    }

    /// A port of this machine.
    #[must_use]
    pub fn local(port: u16) -> Self {
        let text = format!("127.0.0.1:{port}");
        Self(Authority::try_from(text).unwrap_or_else(|_| Authority::from_static("127.0.0.1")))
    }

    /// Its host and port.
    #[must_use]
    pub fn authority(&self) -> &Authority {
        &self.0
    }
}

impl FromStr for Address {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const FORM: &str = "must be http://NAME:PORT, without a path";
        let uri: Uri = text.parse().map_err(|_| FORM)?;
        let is_plain =
            uri.scheme_str() == Some("http") && uri.path() == "/" && uri.query().is_none();
        match uri.into_parts().authority {
            Some(authority) if is_plain && !authority.as_str().contains('@') => Ok(Self(authority)),
            _ => Err(FORM),
        }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "http://{}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::Address;

    #[test]
    fn an_address_is_a_host_and_a_port() {
        for good in ["http://orders", "http://orders:8080", "http://[::1]:80"] {
            assert!(good.parse::<Address>().is_ok(), "{good}");
        }
        for bad in [
            "orders:8080",
            "https://orders",
            "http://a@b",
            "http://orders/path",
            "http://",
        ] {
            assert!(bad.parse::<Address>().is_err(), "{bad}");
        }
    }
}
