//! What a registry can't do at the moment is asked for again: it has too many requests, is just started anew, or forgot an
//! upload that it had begun.

use std::time::Duration;

use backon::{ExponentialBuilder, Retryable};
use oci_client::errors::OciDistributionError as Oci;

/// How long somebody waits for a registry that stumbles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Patience {
    /// Somebody looks something up, and waits for the answer: half a second.
    Short,
    /// A push, for which minutes were spent already: some twelve seconds, also where nobody listens for a while.
    Long,
    /// The same for a part whose upload the registry may have forgotten (404): it begins anew.
    Upload,
}

const FIRST_PAUSE: Duration = Duration::from_millis(200);

/// Does it, and again while that may help.
pub(super) async fn again<T, F: Future<Output = Result<T, Oci>>>(
    patience: Patience,
    work: impl FnMut() -> F,
) -> Result<T, Oci> {
    let times = match patience {
        Patience::Short => 2,
        Patience::Long | Patience::Upload => 6,
    };
    let pauses = ExponentialBuilder::default().with_min_delay(FIRST_PAUSE).with_max_times(times).with_jitter();
    work.retry(pauses).when(|error| passes(patience, error)).await
}

/// Whether an upload may go on after this.
pub(super) fn goes_on(error: &Oci) -> bool {
    passes(Patience::Upload, error)
}

/// Whether it may be otherwise in a moment.
fn passes(patience: Patience, error: &Oci) -> bool {
    match error {
        Oci::ServerError { code, .. } => passing_status(patience, *code),
        Oci::RequestError(e) => match e.status() {
            Some(status) => passing_status(patience, status.as_u16()),
            // A connection that broke, or that nobody took.
            None => patience != Patience::Short,
        },
        Oci::RegistryError { envelope, .. } => {
            envelope.errors.iter().any(|e| e.code == oci_client::errors::OciErrorCode::Toomanyrequests)
        }
        _ => false,
    }
}

fn passing_status(patience: Patience, code: u16) -> bool {
    matches!(code, 408 | 429 | 500 | 502 | 503 | 504) || (patience == Patience::Upload && matches!(code, 404 | 416))
}
