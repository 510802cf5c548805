//! 401: nobody knows who asks.

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};

use crate::tokens::{Identity, Tokens, bearer};
use crate::{Problem, Result};

const NEEDED: &str = "A valid access token is needed.";

/// Says what is missing, and by what it would be known.
#[must_use]
pub fn unauthorized(detail: &str) -> Problem {
    Problem::new(StatusCode::UNAUTHORIZED)
        .detail(detail)
        .header(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"))
}

/// There is no token.
#[must_use]
pub fn nobody() -> Problem {
    unauthorized(NEEDED)
}

/// Who asks, by the token among these headers.
///
/// # Errors
/// There is none, or it is not valid: 401.
pub fn identify(tokens: &Tokens, headers: &HeaderMap) -> Result<Identity> {
    let token = bearer(headers).ok_or_else(nobody)?;
    // What is wrong with a token is not told: only forgers would learn from it.
    let account = tokens.verify(token).ok_or_else(|| {
        let challenge = HeaderValue::from_static("Bearer error=\"invalid_token\"");
        nobody().header(header::WWW_AUTHENTICATE, challenge)
    })?;
    Ok(Identity(account))
}
