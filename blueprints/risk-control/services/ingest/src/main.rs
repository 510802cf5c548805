//! Starts the service: settings, log, metrics, database, and then requests until it is told to
//! stop.

use std::process::ExitCode;

use axum::Extension;
use chassis::app::{self, Limits};
use chassis::server::{self, Server};
use chassis::{Background, Config, Database, Settings, client, database, log, metrics, outbox};
use ingest::assess::Deadline;
use ingest::clients::{Addresses, Clients};

/// By which the service is known.
const NAME: &str = env!("CARGO_PKG_NAME");

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{NAME}: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> anyhow::Result<()> {
    let mut settings = Settings::load()?;
    let config = Config::read(&mut settings, 8081);
    let limits = Limits::read(&mut settings);
    let store = database::Settings::read(&mut settings, NAME);
    let events = outbox::Settings::read(&mut settings);
    let addresses = Addresses::read(&mut settings);
    let calls = client::Settings::read(&mut settings);
    let deadline = Deadline::read(&mut settings);
    let settings = settings.finish()?;
    log::init(config.log_format, &config.log_filter)?;
    let version = env!("CARGO_PKG_VERSION");
    tracing::info!(version, settings, "starting");
    metrics::init();

    let migrations = ingest::migrations();
    let database = Database::connect(&store.url, store.connections, &migrations).await?;
    let background = Background::default();
    outbox::start(&events, NAME, &database, &background);
    let clients = Clients::new(&addresses, &calls)?;
    let api = ingest::api(&clients).layer(Extension(deadline));
    let app = app::build(api, database.clone(), limits);
    let server = Server::new(config).with(database).with(background);
    server.run(server::http(app)).await
}
