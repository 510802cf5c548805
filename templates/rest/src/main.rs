//! Starts the service: settings, log, metrics, database, and then requests until it is told to
//! stop.

use std::process::ExitCode;

use chassis::{{% if options.auth == "jwt" %}Auth, {% endif %}Config, Database, app, log, metrics, server};

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
{%- if options.auth == "jwt" %}
    if config.auth.keys.is_random() {
        tracing::warn!("no JWT_KEYS: tokens are signed with a key that is gone after a restart");
    }
    let auth = Auth::new(config.auth.clone());
    let api = {= names.snake =}::api(&auth);
{%- else %}
    let api = {= names.snake =}::api();
{%- endif %}
    let app = app::build(api, database.clone(), config.limits);
    server::run(&config, database, app).await
}
