//! Starts the service: settings, log, metrics, database, and then requests until it is told to
//! stop.

use std::process::ExitCode;

use chassis::app::{self, Limits};
use chassis::server::{self, Server};
use chassis::{
    Auth, Background, Config, Database, Settings, auth, client, database, log, metrics, outbox,
};
use orders::clients::{Addresses, Clients};
use orders::saga;

/// By which the service is known.
const NAME: &str = env!("CARGO_PKG_NAME");
/// Who makes the tokens of customers.
const ACCOUNTS: &str = "users";

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
    let config = Config::read(&mut settings, 5001);
    let limits = Limits::read(&mut settings);
    let store = database::Settings::read(&mut settings, NAME);
    let events = outbox::Settings::read(&mut settings);
    let accounts = auth::Settings::read(&mut settings, ACCOUNTS, config.host)?;
    let addresses = Addresses::read(&mut settings);
    let calls = client::Settings::read(&mut settings);
    let settings = settings.finish()?;
    log::init(config.log_format, &config.log_filter)?;
    let version = env!("CARGO_PKG_VERSION");
    tracing::info!(version, settings, "starting");
    metrics::init();

    let migrations = orders::migrations();
    let database = Database::connect(&store.url, store.connections, &migrations).await?;
    let clients = Clients::new(&addresses, &calls)?;
    let background = Background::default();
    outbox::start(&events, NAME, &database, &background);
    saga::start(&database, &clients, &background);
    if accounts.tokens.keys.is_random() {
        tracing::warn!("no JWT_KEYS: no token of `{ACCOUNTS}` will be known here");
    }
    let api = orders::api(&Auth::new(accounts), &clients);
    let app = app::build(api, database.clone(), limits);
    let server = Server::new(config).with(database).with(background);
    server.run(server::http(app)).await
}
