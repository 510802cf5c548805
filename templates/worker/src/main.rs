//! Starts the service: settings, log, metrics, database, and then events until it is told to stop.

use std::process::ExitCode;

use chassis::app::{self, Limits};
{% if clients -%}
use chassis::client;
{% endif -%}
{% if options.otel -%}
use chassis::otel::{self, Otel};
{% endif -%}
use chassis::server::{self, Server};
use chassis::{Background, Config, Database, Settings, database, inbox, log, metrics};

{% if clients -%}
use {= names.snake =}::clients::{Addresses, Clients};
{% endif -%}
use {= names.snake =}::handler::Events;

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
    let events = inbox::Settings::read(&mut settings);
{%- if clients %}
    let addresses = Addresses::read(&mut settings);
    let calls = client::Settings::read(&mut settings);
{%- endif %}
{%- if options.otel %}
    let traces = otel::Settings::read(&mut settings);
{%- endif %}
    let settings = settings.finish()?;
    log::init(config.log_format, &config.log_filter)?;
    let version = env!("CARGO_PKG_VERSION");
    tracing::info!(version, settings, "starting");
    metrics::init();
{%- if options.otel %}
    let otel = Otel::new(&traces, NAME, version)?;
{%- endif %}

    let migrations = {= names.snake =}::migrations();
    let database = Database::connect(&store.url, store.connections, &migrations).await?;
    let background = Background::default();
{%- if clients %}
    let clients = Clients::new(&addresses, &calls)?;
    let api = {= names.snake =}::api(&clients);
    let handlers = {% if options.otel %}otel.handler(Events { clients }){% else %}Events { clients }{% endif %};
{%- else %}
    let api = {= names.snake =}::api();
    let handlers = {% if options.otel %}otel.handler(Events){% else %}Events{% endif %};
{%- endif %}
    inbox::start(handlers, &events, NAME, &database, &background);
    let app = app::build(api, database.clone(), limits);
    let server = Server::new(config)
{%- if options.otel %}
        .with(otel.clone())
{%- endif %}
        .manage(inbox::management(database.clone()))
        .with(database)
        .with(background);
    server.run(server::http({% if options.otel %}otel.around(app){% else %}app{% endif %})).await
}
