//! `msvc up`: the project as processes on this machine.

mod view;

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc;

use super::{Context, Outcome};
use crate::error::{Context as _, Result};
use crate::local::{self, Event, Request};
use crate::project::Project;
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
}

pub(super) fn run(args: &Args, context: &Context) -> Result<Outcome> {
    bring_up(&context.project()?, &args.services, args.port, context)
}

/// Builds `services` of the project (none: all) and runs them until Ctrl-C.
///
/// # Errors
/// Those of [`local::up`].
pub(super) fn bring_up(
    project: &Project,
    services: &[String],
    port: Option<u16>,
    context: &Context,
) -> Result<Outcome> {
    let printer = &context.printer;
    let color = !printer.json() && console::colors_enabled_stderr();
    let view = View::new(project);
    let emit = |event: &Event| printer.line(&view.text(event), &View::json(event));
    context.block_on_whole(async {
        let mut stops = stop_requests()?;
        local::up(&Request { project, services, port, color }, printer, &emit, &mut stops).await
    })?;
    Ok(Outcome::Done)
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
