//! Who asks: passwords of accounts, and the tokens by which their owners are known afterwards.
//!
//! An access token is a JWT that lives for minutes: it is checked without a look into the database,
//! and so cannot be taken back. A refresh token lives for weeks, is good for one use, and can be.

mod keys;
mod passwords;
mod refresh;
mod require;
mod settings;
#[cfg(test)]
mod tests;
mod tokens;

use std::sync::Arc;

use chrono::Utc;

pub use keys::Keys;
pub use passwords::Passwords;
pub use refresh::RefreshToken;
pub use require::{Identity, Unauthorized, unauthorized};
pub use settings::Settings;
pub use tokens::Tokens;

use crate::Timestamp;

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
            tokens: Arc::new(Tokens::new(&settings)),
            passwords: Passwords::default(),
            settings,
        }
    }

    /// Until when a refresh token that is made now can be used.
    #[must_use]
    pub fn refresh_until(&self) -> Timestamp {
        Timestamp::from(Utc::now() + self.settings.refresh_lifetime)
    }
}
