//! Access tokens: JWTs, signed and checked with HMAC-SHA256 and nothing else, whatever a token says
//! of itself.

use std::time::Duration;

use jsonwebtoken::{Algorithm, Header, Validation, decode, decode_header, encode};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Keys, Settings};

const ALGORITHM: Algorithm = Algorithm::HS256;

/// Seconds by which the clocks of two replicas may differ.
const LEEWAY: u64 = 5;

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Claims {
    pub iss: String,
    pub aud: String,
    pub sub: Uuid,
    pub iat: u64,
    pub exp: u64,
}

/// Makes and checks access tokens.
pub struct Tokens {
    keys: Keys,
    issuer: String,
    audience: String,
    lifetime: Duration,
    validation: Validation,
}

impl Tokens {
    pub(super) fn new(settings: &Settings) -> Self {
        let mut validation = Validation::new(ALGORITHM);
        validation.set_issuer(&[&settings.issuer]);
        validation.set_audience(&[&settings.audience]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        validation.leeway = LEEWAY;
        validation.validate_nbf = true;
        Self {
            keys: settings.keys.clone(),
            issuer: settings.issuer.clone(),
            audience: settings.audience.clone(),
            lifetime: settings.access_lifetime,
            validation,
        }
    }

    /// How long a token lives.
    #[must_use]
    pub fn lifetime(&self) -> Duration {
        self.lifetime
    }

    /// A token for the account with this id, signed with the newest key.
    ///
    /// # Errors
    /// It could not be signed.
    pub fn issue(&self, account: Uuid) -> anyhow::Result<String> {
        let now = jsonwebtoken::get_current_timestamp();
        let claims = Claims {
            iss: self.issuer.clone(),
            aud: self.audience.clone(),
            sub: account,
            iat: now,
            exp: now + self.lifetime.as_secs(),
        };
        let key = self.keys.newest();
        let mut header = Header::new(ALGORITHM);
        header.kid = Some(key.id.clone());
        Ok(encode(&header, &claims, &key.signing)?)
    }

    /// The account that a token was made for, if it is one of ours and still good.
    #[must_use]
    pub fn verify(&self, token: &str) -> Option<Uuid> {
        let id = decode_header(token).ok()?.kid?;
        let key = self.keys.find(&id)?;
        let token = decode::<Claims>(token, &key.verifying, &self.validation).ok()?;
        Some(token.claims.sub)
    }
}
