//! Passwords, of which only hashes by argon2id are kept.
//!
//! A hash takes 19 MiB for some 20 ms by design, so few are made at a time, beside the threads that
//! answer requests: a flood of logins waits in line, and is turned away at its end, instead of
//! taking all memory.

use std::sync::Arc;
use std::time::Duration;

use argon2::Argon2;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use axum::http::{HeaderValue, StatusCode, header};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::{Problem, Result};

/// Hashes that are made at a time: 38 MiB at most.
const AT_ONCE: usize = 2;

/// How long a request waits for its turn.
const PATIENCE: Duration = Duration::from_secs(2);

/// When to try again, in seconds.
const RETRY_AFTER: HeaderValue = HeaderValue::from_static("2");

/// The hash that is checked where there is no account: so the answer takes as long as with one. It
/// has the parameters of all others, and no password.
pub(super) const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5J3Mgc2FsdA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Makes and checks hashes; cheap to clone.
#[derive(Clone)]
pub struct Passwords {
    turns: Arc<Semaphore>,
    patience: Duration,
}

impl Default for Passwords {
    fn default() -> Self {
        Self::new(AT_ONCE, PATIENCE)
    }
}

impl Passwords {
    #[must_use]
    pub fn new(at_once: usize, patience: Duration) -> Self {
        Self {
            turns: Arc::new(Semaphore::new(at_once)),
            patience,
        }
    }

    /// A hash to keep.
    pub async fn hash(&self, password: String) -> Result<String> {
        let hash = self.work(move || Argon2::default().hash_password(password.as_bytes()));
        match hash.await? {
            Ok(hash) => Ok(hash.to_string()),
            Err(error) => Err(Problem::internal(&error)),
        }
    }

    /// Whether this is the password. There is no hash where there is no account, which shall take
    /// no less time to find out than that the password is wrong.
    pub async fn verify(&self, password: String, hash: Option<String>) -> Result<bool> {
        let is_known = hash.is_some();
        let hash = hash.unwrap_or_else(|| NOBODY.to_owned());
        let is_it = self.work(move || {
            let verified = Argon2::default().verify_password(password.as_bytes(), hash.as_str());
            verified.is_ok()
        });
        Ok(is_it.await? && is_known)
    }

    async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T> {
        let turn = self.turn().await?;
        let done = tokio::task::spawn_blocking(move || {
            // Its turn ends with the work, even if the client is long gone by then.
            let _turn = turn;
            work()
        });
        done.await.map_err(|error| Problem::internal(&error))
    }

    async fn turn(&self) -> Result<OwnedSemaphorePermit> {
        let turn = Arc::clone(&self.turns).acquire_owned();
        match tokio::time::timeout(self.patience, turn).await {
            Ok(Ok(turn)) => Ok(turn),
            _ => Err(Problem::new(StatusCode::SERVICE_UNAVAILABLE)
                .detail("Too many passwords are being checked.")
                .header(header::RETRY_AFTER, RETRY_AFTER)),
        }
    }
}
