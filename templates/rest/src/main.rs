{% if options.store == "sql" -%}
//! Starts the service: settings, log, metrics, database, and then requests until it is told to
//! stop.
{% else -%}
//! Starts the service: settings, log, metrics, and then requests until it is told to stop.
{% endif %}
use std::process::ExitCode;

use chassis::{{% if options.auth == "jwt" %}Auth, {% endif %}{% if options.events == "outbox" %}Background, {% endif %}Config, {% if options.store == "sql" %}Database, {% endif %}app, log, metrics, {% if options.events == "outbox" %}outbox, {% endif %}server};

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
    let config = Config::load({% if options.store == "sql" %}env!("CARGO_PKG_NAME"), {% endif %}{= port =})?;
    log::init(config.log_format, &config.log_filter)?;
    let version = env!("CARGO_PKG_VERSION");
    tracing::info!(version, settings = config.summary, "starting");
    metrics::init();
{% if options.store == "none" %}
    let api = {= names.snake =}::api();
    let app = app::build(api, (), config.limits);
    server::run(&config, app).await
}
{%- else %}
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
{%- if options.events == "outbox" %}
    let background = Background::default();
    let source = env!("CARGO_PKG_NAME");
    outbox::start(&config.outbox, source, &database, &background);
    server::run(&config, database, app, background).await
{%- else %}
    server::run(&config, database, app).await
{%- endif %}
}
{%- endif %}
