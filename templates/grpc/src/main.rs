//! Starts the service: settings, log, metrics, database, and then calls until it is told to stop.

use std::process::ExitCode;

use chassis::rpc::{self, Limits};
use chassis::server::Server;
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
    let config = Config::read(&mut settings, {= port =});
    let limits = Limits::read(&mut settings);
    let store = database::Settings::read(&mut settings, NAME);
    let settings = settings.finish()?;
    log::init(config.log_format, &config.log_filter)?;
    let version = env!("CARGO_PKG_VERSION");
    tracing::info!(version, settings, "starting");
    metrics::init();

    let migrations = {= names.snake =}::migrations();
    let database = Database::connect(&store.url, store.connections, &migrations).await?;
    let api = {= names.snake =}::api(&database, limits);
    let server = Server::new(config).with(database);
    let app = rpc::build(api, server.readiness(), limits)?;
    server.run(rpc::http2(app)).await
}
