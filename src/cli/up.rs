//! `msvc up`: the project as processes on this machine.

mod status;
mod view;

use std::sync::{Mutex, PoisonError};

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc;

use super::{Context, Outcome};
use crate::error::{Context as _, Result};
use crate::local::{self, Event, Request};
use crate::project::Project;
use status::Status;
use view::View;

/// Arguments of `msvc up`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Services to run, with those they use; default: all
    #[arg(value_name = "SERVICE")]
    services: Vec<String>,
    /// Port of the service on this machine; 0 takes a free one
    #[arg(long, value_name = "PORT", env = "MSVC_PORT", hide_env = true)]
    port: Option<u16>,
    /// Build what changes, and start it anew
    #[arg(long, env = "MSVC_WATCH", hide_env = true)]
    watch: bool,
}

pub(super) fn run(args: &Args, context: &Context) -> Result<Outcome> {
    let project = context.project()?;
    let request = Request { project: &project, services: &args.services, port: args.port, watch: args.watch };
    bring_up(&request, context)
}

/// Builds services of a project and runs them until Ctrl-C.
///
/// # Errors
/// Those of [`local::up`].
pub(super) fn bring_up(request: &Request, context: &Context) -> Result<Outcome> {
    let (project, printer) = (request.project, &context.printer);
    let color = !printer.json() && console::colors_enabled_stderr();
    let view = View::new(project);
    let status = Mutex::new(None);
    let emit = |event: &Event| {
        // Not before all is built: until then the build has the terminal.
        let mut status = status.lock().unwrap_or_else(PoisonError::into_inner);
        status.get_or_insert_with(|| Status::new(printer, project.name(), exposed(project))).take(event);
        match view.text(event) {
            None if !printer.json() => Ok(()),
            text => printer.line(&text.unwrap_or_default(), &View::json(event)),
        }
    };
    context.block_on_whole(async {
        let mut stops = stop_requests()?;
        local::up(request, color, printer, &emit, &mut stops).await
    })?;
    Ok(Outcome::Done)
}

/// The services that the outside comes in by.
fn exposed(project: &Project) -> Vec<String> {
    let exposed = project.services.iter().filter(|file| file.service.deploy.expose.is_some());
    exposed.map(|file| file.service.name.to_string()).collect()
}

/// One message for each Ctrl-C, SIGTERM, or closing of the terminal.
fn stop_requests() -> Result<mpsc::Receiver<()>> {
    let listen = |kind| signal(kind).failed(|| "could not listen for Ctrl-C");
    let mut interrupts = listen(SignalKind::interrupt())?;
    let mut terminations = listen(SignalKind::terminate())?;
    let mut hangups = listen(SignalKind::hangup())?;
    let (sender, receiver) = mpsc::channel(2);
    tokio::spawn(async move {
        loop {
            tokio::select! {
                _ = interrupts.recv() => {}
                _ = terminations.recv() => {}
                _ = hangups.recv() => {}
            }
            // More than two add nothing.
            let _ = sender.try_send(());
        }
    });
    Ok(receiver)
}
