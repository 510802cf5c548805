//! Events by HTTP: every subscriber gets a `POST` with each of them, one after the other.

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
        let addresses = text.split(',').map(str::trim);
        let read = |address: &str| match Url::parse(address) {
            Ok(url) if matches!(url.scheme(), "http" | "https") => Ok(url),
            _ => Err("must be http:// addresses between commas".to_owned()),
        };
        let given = addresses.filter(|address| !address.is_empty());
        given.map(read).collect::<Result<_, _>>().map(Self)
    }
}

impl fmt::Display for Subscribers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let addresses: Vec<&str> = self.0.iter().map(Url::as_str).collect();
        f.write_str(&addresses.join(","))
    }
}

/// Sends to all subscribers.
pub(super) struct Http {
    client: Client,
    subscribers: Vec<Subscriber>,
}

struct Subscriber {
    url: Url,
    /// The last event that it took: while others do not, it is spared the repetition.
    last: String,
}

impl Http {
    /// `None` without subscribers.
    pub(super) fn new(subscribers: &Subscribers) -> Option<Self> {
        let subscriber = |url: &Url| Subscriber {
            url: url.clone(),
            last: String::new(),
        };
        let subscribers: Vec<_> = subscribers.0.iter().map(subscriber).collect();
        // The cryptography that the database's driver has brought along already.
        drop(rustls::crypto::ring::default_provider().install_default());
        (!subscribers.is_empty()).then(|| Self {
            client: Client::new(),
            subscribers,
        })
    }

    /// Sends an event to all who have not got it yet.
    pub(super) async fn send(&mut self, event: &CloudEvent) -> anyhow::Result<()> {
        let body = serde_json::to_vec(event)?;
        for subscriber in &mut self.subscribers {
            if subscriber.last == event.id {
                continue;
            }
            let request = self.client.post(subscriber.url.clone()).timeout(PATIENCE);
            let request = request.header(CONTENT_TYPE, cloud_event::CONTENT_TYPE);
            let answer = request.body(body.clone()).send().await;
            let status = answer.map_err(reqwest::Error::without_url)?.status();
            let host = subscriber.url.host_str().unwrap_or_default();
            ensure!(status.is_success(), "{host} answered {status}");
            subscriber.last.clone_from(&event.id);
        }
        Ok(())
    }
}
