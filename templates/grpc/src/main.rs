//! Starts the service: settings, log, metrics, database, and then calls until it is told to stop.

use std::process::ExitCode;
{%- if options.auth == "jwt" %}
use std::sync::Arc;
{%- endif %}

{% if options.cache != "none" -%}
use chassis::cache::{{= options.cache | pascal =}, {= options.cache =}};
{% endif -%}
{% if clients -%}
use chassis::client;
{% endif -%}
{% if options.otel -%}
use chassis::otel::{self, Otel};
{% endif -%}
use chassis::rpc::{self, Limits};
use chassis::server::Server;
{%- if options.auth == "jwt" %}
use chassis::tokens::Tokens;
use chassis::{Config, Database, Settings, database, log, metrics, tokens};
{%- else %}
use chassis::{Config, Database, Settings, database, log, metrics};
{%- endif %}
{%- if clients %}

use {= names.snake =}::clients::{Addresses, Clients};
{%- endif %}

/// By which the service is known.
const NAME: &str = env!("CARGO_PKG_NAME");

{% if options.auth == "jwt" -%}
/// The service that makes tokens.
const ACCOUNTS: &str = "{= options.accounts =}";

{% endif -%}
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
{%- if options.auth == "jwt" %}
    let verified = tokens::Settings::read(&mut settings, ACCOUNTS, config.host)?;
{%- endif %}
{%- if options.cache != "none" %}
    let cache = {= options.cache =}::Settings::read(&mut settings);
{%- endif %}
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
{%- if options.cache == "memory" %}
    let cache = Memory::new(&cache);
{%- elif options.cache == "redis" %}
    let cache = Redis::new(&cache, NAME)?;
{%- endif %}
{%- if clients %}
    let clients = Clients::new(&addresses, &calls)?;
{%- endif %}
{%- if options.auth == "jwt" %}
    if verified.keys.is_random() {
        tracing::warn!("no JWT_KEYS: nobody's token is valid");
    }
    let tokens = Arc::new(Tokens::new(&verified));
    let api = {= names.snake =}::api(&database, {% if options.cache != "none" %}&cache, {% endif %}limits, &tokens{% if clients %}, &clients{% endif %});
{%- else %}
    let api = {= names.snake =}::api(&database, {% if options.cache != "none" %}&cache, {% endif %}limits{% if clients %}, &clients{% endif %});
{%- endif %}
    let server = Server::new(config){% if options.otel %}.with(otel.clone()){% endif %}.with(database);
    let app = rpc::build(api, server.readiness(), limits)?;
    server.run(rpc::http2({% if options.otel %}otel.around(app){% else %}app{% endif %}, limits)).await
}
