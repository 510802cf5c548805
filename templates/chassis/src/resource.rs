//! What a service has for as long as it runs, such as a database, whatever that is.

use std::pin::Pin;

/// A future whose type is not told.
pub type Pending<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Something that the service needs for its work, and lets go of when that is done.
pub trait Resource: Send + Sync + 'static {
    /// How it is called where its state is told.
    fn name(&self) -> &'static str;

    /// Asks for a sign of life: without it, no requests should be sent here.
    fn ping(&self) -> Pending<'_, anyhow::Result<()>> {
        Box::pin(async { Ok(()) })
    }

    /// Lets go of it: all requests are answered, and what was added later has ended.
    fn close(&self) -> Pending<'_, ()> {
        Box::pin(async {})
    }
}
