//! What the keeper of a service tells the supervisor.

use tokio::sync::mpsc;

use super::event::Event;
use super::identity::Identity;
use crate::error::Error;

/// Reports that may wait to be told; a service that writes faster than the terminal shows has to wait.
const WAITING: usize = 1024;

/// What a keeper tells.
#[derive(Debug)]
pub(super) enum Report {
    /// A process was started.
    Started(Identity),
    /// Something to show.
    Event(Event),
    /// The service is ready.
    Ready,
    /// The service is over, and so is its keeper.
    Over(End),
}

/// How a service came to its end.
#[derive(Debug)]
pub(super) enum End {
    /// As asked.
    Stopped,
    /// Killed, because it did not end in time.
    Overdue,
    /// It could not be started, or was never ready.
    Failed(Error),
}

/// The keeper's end of the channel.
#[derive(Debug, Clone)]
pub(super) struct Reporter {
    service: usize,
    sender: mpsc::Sender<(usize, Report)>,
}

impl Reporter {
    /// Tells something. With nobody left to listen, it is lost.
    pub(super) async fn tell(&self, report: Report) {
        let _ = self.sender.send((self.service, report)).await;
    }
}

/// The supervisor's end, and what makes those of the keepers.
pub(super) struct Reports {
    sender: mpsc::Sender<(usize, Report)>,
    receiver: mpsc::Receiver<(usize, Report)>,
}

impl Reports {
    pub(super) fn new() -> Self {
        let (sender, receiver) = mpsc::channel(WAITING);
        Self { sender, receiver }
    }

    /// For the keeper of the service with this number.
    pub(super) fn of(&self, service: usize) -> Reporter {
        Reporter { service, sender: self.sender.clone() }
    }

    /// The next report, with the number of the service.
    pub(super) async fn next(&mut self) -> Option<(usize, Report)> {
        self.receiver.recv().await
    }
}
