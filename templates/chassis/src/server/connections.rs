//! The connections that are open, and how they end.

use std::time::Duration;

use tokio::sync::watch::{Receiver, Sender};
use tokio::time::timeout;

/// How long a connection stays for requests that may be on their way.
const LINGER: Duration = Duration::from_secs(1);

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd)]
enum Phase {
    #[default]
    Open,
    Ending,
    Closing,
}

/// All connections of a port.
#[derive(Default)]
pub struct Connections(Sender<Phase>);

/// One of them, which counts as open until this is dropped.
#[derive(Clone)]
pub struct Connection(Receiver<Phase>);

impl Connections {
    /// A new one.
    #[must_use]
    pub fn open(&self) -> Connection {
        Connection(self.0.subscribe())
    }

    /// Waits until requests in flight are answered, and ends all.
    ///
    /// Closing a connection that is idle would lose a request that its client is just sending. So
    /// clients are told with their next answer that it was the last, and only who sends nothing for
    /// a while is cut off.
    pub async fn shutdown(self) {
        self.0.send_replace(Phase::Ending);
        let _ = timeout(LINGER, self.0.closed()).await;
        self.0.send_replace(Phase::Closing);
        self.0.closed().await;
    }
}

impl Connection {
    /// Whether its client should be told that it ends.
    #[must_use]
    pub fn is_ending(&self) -> bool {
        *self.0.borrow() >= Phase::Ending
    }

    /// Until its client should be told that it ends.
    pub async fn ending(&mut self) {
        drop(self.0.wait_for(|phase| *phase >= Phase::Ending).await);
    }

    /// Until it should be closed when it is idle.
    pub async fn closing(&mut self) {
        drop(self.0.wait_for(|phase| *phase >= Phase::Closing).await);
    }
}
