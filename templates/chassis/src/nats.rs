//! The stream of NATS JetStream that all services put their events into, and take them from.

use std::time::Duration;

use async_nats::ConnectOptions;
use async_nats::jetstream::{self, stream};

/// The stream.
pub const STREAM: &str = "events";

/// For how long the stream keeps events.
const KEPT: Duration = Duration::from_hours(7 * 24);

/// Connects, and makes the stream unless it is there: who comes first does it.
pub async fn connect(url: &str) -> anyhow::Result<(jetstream::Context, stream::Stream)> {
    let options = ConnectOptions::new().name(env!("CARGO_PKG_NAME"));
    let client = options.connect(url).await?;
    let context = jetstream::new(client);
    let config = stream::Config {
        name: STREAM.to_owned(),
        subjects: vec![subject(">")],
        max_age: KEPT,
        ..stream::Config::default()
    };
    let stream = context.get_or_create_stream(config).await?;
    Ok((context, stream))
}

/// Where events of a type are in the stream.
#[must_use]
pub fn subject(kind: &str) -> String {
    format!("{STREAM}.{kind}")
}
