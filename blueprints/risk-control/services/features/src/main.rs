//! Starts the service: settings, log, metrics, database, and then events and requests until it is
//! told to stop.

use std::process::ExitCode;

use chassis::app::{self, Limits};
use chassis::cache::{Redis, redis};
use chassis::server::{self, Server};
use chassis::{Background, Config, Database, Settings, database, inbox, log, metrics};
use features::handler::Events;

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
    let config = Config::read(&mut settings, 8083);
    let limits = Limits::read(&mut settings);
    let store = database::Settings::read(&mut settings, NAME);
    let events = inbox::Settings::read(&mut settings);
    let cache = redis::Settings::read(&mut settings);
    let settings = settings.finish()?;
    log::init(config.log_format, &config.log_filter)?;
    let version = env!("CARGO_PKG_VERSION");
    tracing::info!(version, settings, "starting");
    metrics::init();

    let migrations = features::migrations();
    let database = Database::connect(&store.url, store.connections, &migrations).await?;
    let cache = Redis::new(&cache, NAME)?;
    let background = Background::default();
    let handlers = Events {
        database: database.clone(),
        cache: cache.clone(),
    };
    inbox::start(handlers, &events, NAME, &database, &background);
    let api = features::api(&cache);
    let app = app::build(api, database.clone(), limits);
    let server = Server::new(config)
        .manage(inbox::management(database.clone()))
        .with(database)
        .with(background);
    server.run(server::http(app)).await
}
