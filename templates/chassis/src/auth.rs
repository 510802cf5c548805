//! Who asks: passwords of accounts, and the tokens by which their owners are known afterwards.
//!
//! An access token is a JWT that lives for minutes: it is checked without a look into the database,
//! and so cannot be taken back. A refresh token lives for weeks, is good for one use, and can be.

mod passwords;
mod refresh;
mod require;
mod settings;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use uuid::Uuid;

pub use passwords::Passwords;
pub use refresh::RefreshToken;
pub use require::Unauthorized;
pub use settings::Settings;

use crate::Timestamp;
use crate::tokens::Tokens;

/// What signs, checks and hashes; cheap to clone.
#[derive(Clone)]
pub struct Auth {
    /// Access tokens.
    pub tokens: Arc<Tokens>,
    /// Passwords of accounts.
    pub passwords: Passwords,
    settings: Settings,
}

impl Auth {
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        Self {
            tokens: Arc::new(Tokens::new(&settings.tokens)),
            passwords: Passwords::default(),
            settings,
        }
    }

    /// An access token for the account with this id.
    ///
    /// # Errors
    /// It could not be signed.
    pub fn access_token(&self, account: Uuid) -> anyhow::Result<String> {
        self.tokens.issue(account, self.settings.access_lifetime)
    }

    /// How long an access token lives.
    #[must_use]
    pub fn access_lifetime(&self) -> Duration {
        self.settings.access_lifetime
    }

    /// Until when a refresh token that is made now can be used.
    #[must_use]
    pub fn refresh_until(&self) -> Timestamp {
        Timestamp::after(self.settings.refresh_lifetime)
    }
}
