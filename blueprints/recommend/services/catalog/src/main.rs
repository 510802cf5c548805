//! Starts the service: settings, log, metrics, database, and then requests until it is told to
//! stop.

use std::process::ExitCode;

use catalog::{sample_data, search};
use chassis::app::{self, Limits};
use chassis::server::{self, Server};
use chassis::{Config, Database, Settings, database, log, metrics};

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
    let config = Config::read(&mut settings, 5202);
    let limits = Limits::read(&mut settings);
    let store = database::Settings::read(&mut settings, NAME);
    let is_sample = settings.get("SAMPLE_DATA", config.host.is_loopback());
    let settings = settings.finish()?;
    log::init(config.log_format, &config.log_filter)?;
    let version = env!("CARGO_PKG_VERSION");
    tracing::info!(version, settings, "starting");
    metrics::init();

    let migrations = catalog::migrations();
    let database = Database::connect(&store.url, store.connections, &migrations).await?;
    if is_sample {
        sample_data::load(&database).await?;
    }
    search::repair(&database).await?;
    let api = catalog::api();
    let app = app::build(api, database.clone(), limits);
    let server = Server::new(config).with(database);
    server.run(server::http(app)).await
}
