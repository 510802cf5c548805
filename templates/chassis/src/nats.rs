//! The stream of NATS JetStream that all services put their events into, and take them from.

use std::time::Duration;

use async_nats::jetstream::{self, stream};
use async_nats::{ConnectOptions, ServerAddr};
use percent_encoding::percent_decode_str;

/// The stream.
pub const STREAM: &str = "events";

/// For how long the stream keeps events.
const KEPT: Duration = Duration::from_hours(7 * 24);

/// Connects, and makes the stream unless it is there: who comes first does it.
pub async fn connect(url: &str) -> anyhow::Result<(jetstream::Context, stream::Stream)> {
    let server: ServerAddr = url.parse()?;
    let mut options = ConnectOptions::new();
    if let (Some(user), Some(password)) = (server.username(), server.password()) {
        options = options.user_and_password(decoded(user), decoded(password));
    }
    let context = jetstream::new(options.connect(server).await?);
    let config = stream::Config {
        name: STREAM.to_owned(),
        subjects: vec![subject(">")],
        max_age: KEPT,
        ..stream::Config::default()
    };
    let stream = context.get_or_create_stream(config).await?;
    Ok((context, stream))
}

/// Without the `%` by which an address holds what means something in it.
fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

/// Where events of a type are in the stream.
#[must_use]
pub fn subject(kind: &str) -> String {
    format!("{STREAM}.{kind}")
}
