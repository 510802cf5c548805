//! Questions that are asked again: the answer was lost on its way, or the server stumbled. Only such as have the same
//! effect twice. What the server itself wants repeated (429, 503, 504, `Retry-After`) kube repeats.

use std::future::Future;
use std::time::Duration;

use tokio::time::error::Elapsed;
use tokio::time::{sleep, timeout};

use super::ANSWER;

/// Pauses in between: together more than an API server takes to start again.
const PAUSES: [Duration; 5] = [
    Duration::from_millis(200),
    Duration::from_millis(600),
    Duration::from_millis(1800),
    Duration::from_secs(4),
    Duration::from_secs(6),
];

/// The answer, the last one where none was good.
pub(super) async fn asked<T, F>(asking: impl Fn() -> F) -> Result<kube::Result<T>, Elapsed>
where
    F: Future<Output = kube::Result<T>>,
{
    asked_after(&PAUSES, asking).await
}

async fn asked_after<T, F>(pauses: &[Duration], asking: impl Fn() -> F) -> Result<kube::Result<T>, Elapsed>
where
    F: Future<Output = kube::Result<T>>,
{
    for pause in pauses {
        match timeout(ANSWER, asking()).await? {
            Err(e) if passes(&e) => sleep(*pause).await,
            other => return Ok(other),
        }
    }
    timeout(ANSWER, asking()).await
}

/// Whether it may be gone with the next try: no whole answer, or one that says that the server failed.
fn passes(error: &kube::Error) -> bool {
    match error {
        kube::Error::Api(status) => matches!(status.code, 500 | 502),
        kube::Error::Service(_) | kube::Error::HyperError(_) | kube::Error::SerdeError(_) => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use kube::error::Status;

    use super::*;

    /// How often it is asked when the first answers have these codes.
    async fn times(codes: &[u16]) -> usize {
        let asked_times = AtomicUsize::new(0);
        let asking = || async {
            let number = asked_times.fetch_add(1, Ordering::SeqCst);
            let failed = |code: &u16| kube::Error::Api(Status::failure("", "").with_code(*code).boxed());
            codes.get(number).map_or(Ok(()), |code| Err(failed(code)))
        };
        let _ = asked_after(&[Duration::ZERO; 3], asking).await;
        asked_times.into_inner()
    }

    #[tokio::test]
    async fn a_server_that_stumbles_is_asked_again_and_one_that_refuses_is_not() {
        assert_eq!(times(&[500, 502]).await, 3);
        assert_eq!(times(&[403]).await, 1);
        assert_eq!(times(&[500; 20]).await, 4);
    }
}
