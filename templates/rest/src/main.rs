//! Starts the service: settings, log, metrics, database, and then requests until it is told to
//! stop.

use std::process::ExitCode;

{% if options.events == "outbox" -%}
use chassis::{Background, Config, Database, app, log, metrics, outbox, server};
{% else -%}
use chassis::{Config, Database, app, log, metrics, server};
{% endif %}
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
    let api = {= names.snake =}::api();
    let app = app::build(api, database.clone(), config.limits);
{%- if options.events == "outbox" %}
    let background = Background::default();
    let source = env!("CARGO_PKG_NAME");
    outbox::start(&config.outbox, source, &database, &background);
    server::run(&config, database, app, background).await
{%- else %}
    server::run(&config, database, app).await
{%- endif %}
}
