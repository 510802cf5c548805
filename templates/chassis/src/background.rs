//! Work that goes on beside the requests, and ends with the service.

use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::resource::{Pending, Resource};

/// Tasks that are told to stop, and waited for, before the database is closed.
#[derive(Debug, Clone, Default)]
pub struct Background {
    stop: CancellationToken,
    tasks: TaskTracker,
}

impl Background {
    /// Starts a task, which has to end soon after the token that it is given is cancelled.
    pub fn spawn<F>(&self, task: impl FnOnce(CancellationToken) -> F)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        self.tasks.spawn(task(self.stop.clone()));
    }

    /// Tells all tasks to stop and waits until they have.
    pub async fn stop(&self) {
        self.stop.cancel();
        self.tasks.close();
        self.tasks.wait().await;
    }
}

/// In the end its tasks are stopped, before what was added earlier is let go.
impl Resource for Background {
    fn name(&self) -> &'static str {
        "background"
    }

    fn close(&self) -> Pending<'_, ()> {
        Box::pin(self.stop())
    }
}
