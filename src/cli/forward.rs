//! `msvc forward`: a port of this machine that leads to a service in the cluster.

use serde_json::json;

use super::{Context, Outcome};
use crate::error::Result;
use crate::kubernetes::forward::{Request, forward};
use crate::project::Settings;

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
    /// Environment of msvc.yaml; may be left out where there is only one
    #[arg(short, long, value_name = "ENV", env = "MSVC_ENVIRONMENT", hide_env = true)]
    environment: Option<String>,
}

pub(super) fn run(args: &Args, context: &Context) -> Result<Outcome> {
    let settings = Settings::resolve(&context.project()?, args.environment.as_deref())?;
    let settings = settings.select(std::slice::from_ref(&args.service))?;
    let request = Request { settings: &settings, local: args.port, management: args.management };
    let listening = |address: std::net::SocketAddr| {
        let text = format!("http://{address} leads to {}; Ctrl-C ends it", args.service);
        context.printer.line(&text, &json!({ "service": args.service, "address": address.to_string() }))
    };
    context.block_on(forward(&request, listening, &context.printer))?;
    Ok(Outcome::Done)
}
