//! `msvc forward`: a port of this machine that leads to a service in the cluster.

use serde_json::json;

use super::environment::Environment;
use super::{Context, Outcome};
use crate::error::Result;
use crate::kubernetes::forward::{Request, forward};

/// Arguments of `msvc forward`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The service
    #[arg(value_name = "SERVICE")]
    service: String,
    /// Port to listen on here, at 127.0.0.1; 0 picks one [default: the service's own]
    #[arg(value_name = "PORT")]
    port: Option<u16>,
    /// Lead to the management port (health, metrics) instead of the API
    #[arg(long, env = "MSVC_MANAGEMENT", hide_env = true)]
    management: bool,
    #[command(flatten)]
    environment: Environment,
}

pub(super) fn run(args: &Args, context: &Context) -> Result<Outcome> {
    let settings = args.environment.settings(context)?;
    let settings = settings.select(std::slice::from_ref(&args.service))?;
    let request = Request { settings: &settings, local: args.port, management: args.management };
    let listening = |address: std::net::SocketAddr| {
        let text = format!("http://{address} leads to {}; Ctrl-C ends it", args.service);
        context.printer.line(&text, &json!({ "service": args.service, "address": address.to_string() }))
    };
    context.block_on(forward(&request, listening, &context.printer))?;
    Ok(Outcome::Done)
}
