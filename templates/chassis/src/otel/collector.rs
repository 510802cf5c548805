//! The way to the collector.

use std::time::Duration;

use async_trait::async_trait;
use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use reqwest::Client;
use tokio::runtime::Handle;

/// How long the collector may take for what it is sent at a time, at most.
const PATIENCE: Duration = Duration::from_secs(10);

/// A client whose requests run where the service does: OpenTelemetry asks from a thread of its own,
/// on which nothing waits for the network.
#[derive(Debug)]
pub(super) struct Collector {
    client: Client,
    runtime: Handle,
}

impl Collector {
    pub(super) fn new() -> Self {
        // The cryptography that others have brought along already.
        drop(rustls::crypto::ring::default_provider().install_default());
        Self {
            client: Client::new(),
            runtime: Handle::current(),
        }
    }
}

#[async_trait]
impl HttpClient for Collector {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let (head, body) = request.into_parts();
        let request = self
            .client
            .request(head.method, head.uri.to_string())
            .headers(head.headers)
            .timeout(PATIENCE)
            .body(body);
        let answer = self.runtime.spawn(async move {
            let answer = request.send().await?.error_for_status()?;
            let status = answer.status();
            Ok::<_, reqwest::Error>((status, answer.bytes().await?))
        });
        let (status, body) = answer.await?.map_err(reqwest::Error::without_url)?;
        let mut response = Response::new(body);
        *response.status_mut() = status;
        Ok(response)
    }
}
