//! Events by HTTP: a subscriber gets a `POST` with each of them, one after the other.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use anyhow::ensure;
use reqwest::header::CONTENT_TYPE;
use reqwest::{Client, Url};

use crate::cloud_event::{self, CloudEvent};

/// How long a subscriber may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// The addresses that events are sent to.
#[derive(Debug, Clone, Default)]
pub struct Subscribers(Vec<Url>);

impl FromStr for Subscribers {
    type Err = String;

    /// Reads addresses between commas.
    fn from_str(text: &str) -> Result<Self, String> {
        let mut addresses = Vec::new();
        for address in text.split(',').map(str::trim).filter(|a| !a.is_empty()) {
            match Url::parse(address) {
                Ok(url) if addresses.contains(&url) => {}
                Ok(url) if matches!(url.scheme(), "http" | "https") => addresses.push(url),
                _ => return Err("must be http:// addresses between commas".to_owned()),
            }
        }
        Ok(Self(addresses))
    }
}

impl fmt::Display for Subscribers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let addresses: Vec<&str> = self.0.iter().map(Url::as_str).collect();
        f.write_str(&addresses.join(","))
    }
}

/// Sends to a subscriber.
pub(super) struct Http {
    client: Client,
    url: Url,
    address: String,
}

impl Http {
    /// One for each subscriber.
    pub(super) fn all(subscribers: &Subscribers) -> impl Iterator<Item = Self> {
        // The cryptography that the database's driver has brought along already.
        drop(rustls::crypto::ring::default_provider().install_default());
        let client = Client::new();
        subscribers.0.iter().map(move |url| Self {
            client: client.clone(),
            url: url.clone(),
            address: without_credentials(url),
        })
    }

    /// Where it sends to; fit to be stored.
    pub(super) fn address(&self) -> &str {
        &self.address
    }

    /// Host and port.
    pub(super) fn host(&self) -> String {
        let host = self.url.host_str().unwrap_or_default();
        let port = self.url.port_or_known_default().unwrap_or_default();
        format!("{host}:{port}")
    }

    pub(super) async fn send(&self, event: &CloudEvent) -> anyhow::Result<()> {
        let request = self.client.post(self.url.clone()).timeout(PATIENCE);
        let request = request.header(CONTENT_TYPE, cloud_event::CONTENT_TYPE);
        let answer = request.body(serde_json::to_vec(event)?).send().await;
        let status = answer.map_err(reqwest::Error::without_url)?.status();
        ensure!(status.is_success(), "{} answered {status}", self.host());
        Ok(())
    }
}

fn without_credentials(url: &Url) -> String {
    let mut url = url.clone();
    // They fail for addresses that can have none.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.into()
}
