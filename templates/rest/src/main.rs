{% if options.inbox -%}
//! Starts the service: settings, log, metrics, database, and then requests and events until it is
//! told to stop.
{% elif options.store == "sql" -%}
//! Starts the service: settings, log, metrics, database, and then requests until it is told to
//! stop.
{% else -%}
//! Starts the service: settings, log, metrics, and then requests until it is told to stop.
{% endif %}
use std::process::ExitCode;

use chassis::app::{self, Limits};
{% if options.cache != "none" -%}
use chassis::cache::{{= options.cache | pascal =}, {= options.cache =}};
{% endif -%}
{% if clients -%}
use chassis::client;
{% endif -%}
{% if options.inbox -%}
use chassis::inbox;
{% endif -%}
{% if options.otel -%}
use chassis::otel::{self, Otel};
{% endif -%}
{% if options.events == "outbox" -%}
use chassis::outbox;
{% endif -%}
use chassis::server::{self, Server};
{% if options.auth == "jwt" -%}
use chassis::{Auth, {% if options.events == "outbox" or options.inbox %}Background, {% endif %}Config, Database, Settings, auth, database, log, metrics};
{% elif options.events == "outbox" or options.inbox -%}
use chassis::{Background, Config, Database, Settings, database, log, metrics};
{% elif options.store == "sql" -%}
use chassis::{Config, Database, Settings, database, log, metrics};
{% else -%}
use chassis::{Config, Settings, log, metrics};
{% endif %}
{%- if clients %}
use {= names.snake =}::clients::{Addresses, Clients};
{% endif %}
{%- if options.inbox %}
{%- if not clients %}
{% endif -%}
use {= names.snake =}::handler::Events;
{% endif %}
{%- if options.start %}
{%- if not clients and not options.inbox %}
{% endif -%}
use {= names.snake =}::start;
{% endif %}
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
{%- if options.store == "sql" %}
    let store = database::Settings::read(&mut settings, NAME);
{%- endif %}
{%- if options.events == "outbox" %}
    let events = outbox::Settings::read(&mut settings);
{%- endif %}
{%- if options.inbox %}
    let heard = inbox::Settings::read(&mut settings);
{%- endif %}
{%- if options.auth == "jwt" %}
    let accounts = auth::Settings::read(&mut settings, NAME, config.host)?;
{%- endif %}
{%- if options.cache != "none" %}
    let cache = {= options.cache =}::Settings::read(&mut settings);
{%- endif %}
{%- if clients %}
    let addresses = Addresses::read(&mut settings);
    let calls = client::Settings::read(&mut settings);
{%- endif %}
{%- if options.start %}
    let own = start::Settings::read(&mut settings, &config);
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
{% if options.store == "none" and clients %}
    let clients = Clients::new(&addresses, &calls)?;
    let app = app::build({= names.snake =}::api(&clients), (), limits);
{%- elif options.store == "none" %}
    let app = app::build({= names.snake =}::api(), (), limits);
{%- endif %}
{%- if options.store == "none" %}
{%- if options.otel %}
    let server = Server::new(config).with(otel.clone());
    server.run(server::http(otel.around(app))).await
{%- else %}
    Server::new(config).run(server::http(app)).await
{%- endif %}
}
{%- else %}
    let migrations = {= names.snake =}::migrations();
    let database = Database::connect(&store.url, store.connections, &migrations).await?;
{%- if options.events == "outbox" or options.inbox %}
    let background = Background::default();
{%- endif %}
{%- if options.events == "outbox" %}
    outbox::start(&events, NAME, &database, &background);
{%- endif %}
{%- if options.auth == "jwt" %}
    if accounts.tokens.keys.is_random() {
        tracing::warn!("no JWT_KEYS: tokens are signed with a key that is gone after a restart");
    }
{%- endif %}
{%- if options.cache == "memory" %}
    let cache = Memory::new(&cache);
{%- elif options.cache == "redis" %}
    let cache = Redis::new(&cache, NAME)?;
{%- endif %}
{%- if clients %}
    let clients = Clients::new(&addresses, &calls)?;
{%- endif %}
{%- if options.start %}
    start::start(&own, &database{% if clients %}, &clients{% endif %}{% if options.events == "outbox" or options.inbox %}, &background{% endif %}).await?;
{%- endif %}
    let api = {= names.snake =}::api({% if options.auth == "jwt" %}&Auth::new(accounts){% endif %}{% if options.auth == "jwt" and options.cache != "none" %}, {% endif %}{% if options.cache != "none" %}&cache{% endif %}{% if clients %}{% if options.auth == "jwt" or options.cache != "none" %}, {% endif %}&clients{% endif %});
{%- if options.inbox %}
    let handlers = {% if options.otel %}otel.handler(Events{% if options.cache != "none" and clients %} { cache, clients }{% elif clients %} { clients }{% elif options.cache != "none" %} { cache }{% endif %}){% else %}Events{% if options.cache != "none" and clients %} { cache, clients }{% elif clients %} { clients }{% elif options.cache != "none" %} { cache }{% endif %}{% endif %};
    inbox::start(handlers, &heard, NAME, &database, &background);
{%- endif %}
    let app = app::build(api, database.clone(), limits);
{%- if options.inbox %}
    let server = Server::new(config)
{%- if options.otel %}
        .with(otel.clone())
{%- endif %}
        .manage(inbox::management(database.clone()))
        .with(database)
        .with(background);
    server.run(server::http({% if options.otel %}otel.around(app){% else %}app{% endif %})).await
{%- elif options.otel %}
    let server = Server::new(config).with(otel.clone());
    let server = server.with(database){% if options.events == "outbox" %}.with(background){% endif %};
    server.run(server::http(otel.around(app))).await
{%- else %}
    let server = Server::new(config).with(database){% if options.events == "outbox" %}.with(background){% endif %};
    server.run(server::http(app)).await
{%- endif %}
}
{%- endif %}
