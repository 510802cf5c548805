//! Starts the service: settings, log, metrics, database, rules and model, and then events and
//! requests until it is told to stop.

use std::process::ExitCode;

use axum::Extension;
use chassis::app::{self, Limits};
use chassis::client;
use chassis::server::{self, Server};
use chassis::{Background, Config, Database, Settings, database, inbox, log, metrics};
use scoring::assess::Deadline;
use scoring::clients::{Addresses, Clients};
use scoring::current::Current;
use scoring::handler::Events;

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
    let config = Config::read(&mut settings, 8082);
    let limits = Limits::read(&mut settings);
    let store = database::Settings::read(&mut settings, NAME);
    let events = inbox::Settings::read(&mut settings);
    let addresses = Addresses::read(&mut settings);
    let calls = client::Settings::read(&mut settings);
    let deadline = Deadline::read(&mut settings);
    let settings = settings.finish()?;
    log::init(config.log_format, &config.log_filter)?;
    let version = env!("CARGO_PKG_VERSION");
    tracing::info!(version, settings, "starting");
    metrics::init();

    let migrations = scoring::migrations();
    let database = Database::connect(&store.url, store.connections, &migrations).await?;
    let background = Background::default();
    let clients = Clients::new(&addresses, &calls)?;
    let current = Current::new()?;
    // From the first request on, the best model judges.
    current.reload(&database).await?;
    current.watch(&database, &background);
    let api = scoring::api(&clients)
        .layer(Extension(current))
        .layer(Extension(deadline));
    let handlers = Events { clients };
    inbox::start(handlers, &events, NAME, &database, &background);
    let app = app::build(api, database.clone(), limits);
    let server = Server::new(config)
        .manage(inbox::management(database.clone()))
        .with(database)
        .with(background);
    server.run(server::http(app)).await
}
