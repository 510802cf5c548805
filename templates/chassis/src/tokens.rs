//! Access tokens: JWTs, signed and checked with HMAC-SHA256 and nothing else, whatever a token says
//! of itself. All services that have its keys can check one, without asking whoever made it.

use std::time::Duration;

use axum::http::{HeaderMap, header};
use jsonwebtoken::{Algorithm, Header, Validation, decode, decode_header, encode};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

mod keys;
mod settings;
#[cfg(test)]
mod tests;

pub use keys::Keys;
pub use settings::Settings;

const ALGORITHM: Algorithm = Algorithm::HS256;

/// Seconds by which the clocks of two replicas may differ.
const LEEWAY: u64 = 5;

#[derive(Debug, Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    sub: Uuid,
    iat: u64,
    exp: u64,
}

/// The account that a token was made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Identity(pub Uuid);

/// Makes and checks access tokens.
pub struct Tokens {
    keys: Keys,
    issuer: String,
    audience: String,
    validation: Validation,
}

impl Tokens {
    /// Tokens as they were set up.
    #[must_use]
    pub fn new(settings: &Settings) -> Self {
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
            validation,
        }
    }

    /// A token for the account with this id, signed with the newest key, that lives so long.
    ///
    /// # Errors
    /// It could not be signed.
    pub fn issue(&self, account: Uuid, lifetime: Duration) -> anyhow::Result<String> {
        let now = jsonwebtoken::get_current_timestamp();
        let claims = Claims {
            iss: self.issuer.clone(),
            aud: self.audience.clone(),
            sub: account,
            iat: now,
            exp: now + lifetime.as_secs(),
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

/// `authorization: Bearer <token>`, given once: of two, others might take the other one.
#[must_use]
pub fn bearer(headers: &HeaderMap) -> Option<&str> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let value = values.next().filter(|_| values.next().is_none());
    let (scheme, token) = value?.to_str().ok()?.split_once(' ')?;
    scheme
        .eq_ignore_ascii_case("bearer")
        .then_some(token.trim())
}
