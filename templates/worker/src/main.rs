//! Starts the service: settings, log, metrics, database, and then events until it is told to stop.

use std::process::ExitCode;

use chassis::{Background, Config, Database, app, inbox, log, metrics, server};

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
    let name = env!("CARGO_PKG_NAME");
    let config = Config::load(name, {= port =})?;
    log::init(config.log_format, &config.log_filter)?;
    let version = env!("CARGO_PKG_VERSION");
    tracing::info!(version, settings = config.summary, "starting");
    metrics::init();

    let migrations = {= names.snake =}::migrations();
    let (url, connections) = (&config.database_url, config.database_connections);
    let database = Database::connect(url, connections, &migrations).await?;
    let background = Background::default();
    let events = {= names.snake =}::handler::Events;
    inbox::start(events, &config.inbox, name, &database, &background);
    let api = {= names.snake =}::api();
    let app = app::build(api, database.clone(), config.limits);
    let management = inbox::management(database.clone());
    server::run(&config, database, app, management, background).await
}
