//! Refresh tokens: random, each good for one use. The database keeps a hash, so that whoever reads
//! it cannot use them.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use uuid::Uuid;

const SECRET: usize = 32;

/// The session it belongs to, which begins with a login, and a secret.
pub struct RefreshToken {
    session: Uuid,
    secret: [u8; SECRET],
}

impl RefreshToken {
    /// The next token of a session.
    ///
    /// # Errors
    /// The system has no randomness to give.
    pub fn new(session: Uuid) -> anyhow::Result<Self> {
        let mut secret = [0; SECRET];
        getrandom::fill(&mut secret)?;
        Ok(Self { session, secret })
    }

    /// Reads what a client sent.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let (session, secret) = bytes.split_at_checked(16)?;
        Some(Self {
            session: Uuid::from_slice(session).ok()?,
            secret: secret.try_into().ok()?,
        })
    }

    #[must_use]
    pub fn session(&self) -> Uuid {
        self.session
    }

    /// What is kept of it. The secret is random: a fast hash is as good as a slow one.
    #[must_use]
    pub fn hash(&self) -> Vec<u8> {
        Sha256::digest(self.secret).to_vec()
    }
}

/// As clients get it.
impl fmt::Display for RefreshToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = [self.session.as_bytes(), self.secret.as_slice()].concat();
        f.write_str(&URL_SAFE_NO_PAD.encode(bytes))
    }
}
