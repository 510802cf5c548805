//! Starts the service: settings, log, metrics, database, and then calls until it is told to stop.

use std::process::ExitCode;

use chassis::health::Readiness;
use chassis::{Config, Database, log, metrics, rpc, server};

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{}: {error:#}", env!("CARGO_PKG_NAME"));
            ExitCode::FAILURE
        }
    }
}

async fn run() -> anyhow::Result<()> {
    let config = Config::load(env!("CARGO_PKG_NAME"), {= port =})?;
    log::init(config.log_format, &config.log_filter)?;
    let version = env!("CARGO_PKG_VERSION");
    tracing::info!(version, settings = config.summary, "starting");
    metrics::init();

    let migrations = {= names.snake =}::migrations();
    let (url, connections) = (&config.database_url, config.database_connections);
    let database = Database::connect(url, connections, &migrations).await?;
    let readiness = Readiness::new(database.clone());
    let api = {= names.snake =}::api(&database, config.limits);
    let app = rpc::build(api, readiness.clone(), config.limits)?;
    server::run(&config, database, readiness, app).await
}
