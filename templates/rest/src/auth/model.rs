//! Accounts and tokens, as they are sent and shown.

use chassis::Timestamp;
use serde::{Deserialize, Serialize};
use sqlx::FromRow;
use utoipa::ToSchema;
use uuid::Uuid;

/// An account. Its password is kept as a hash, and never shown.
#[derive(Debug, Serialize, FromRow, ToSchema)]
pub struct User {
    pub id: Uuid,
    pub email: String,
    pub created_at: Timestamp,
}

/// What an account is made of.
//
// NIST SP 800-63B: length is what makes a password strong; rules about its letters do not.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Registration {
    #[schema(format = "email", max_length = 254)]
    pub email: String,
    #[schema(format = "password", min_length = 8, max_length = 128)]
    pub password: String,
}

/// How the owner of an account shows that it is theirs.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Login {
    #[schema(max_length = 254)]
    pub email: String,
    #[schema(format = "password", max_length = 128)]
    pub password: String,
}

/// A refresh token, which can be used once.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Refresh {
    #[schema(max_length = 200)]
    pub refresh_token: String,
}

/// Tokens, in the form of RFC 6749.
#[derive(Serialize, ToSchema)]
pub struct TokenPair {
    /// Goes with every request: `authorization: Bearer <token>`.
    pub access_token: String,
    /// `Bearer`.
    pub token_type: &'static str,
    /// Seconds until the access token is no good any more.
    pub expires_in: u64,
    /// Gets the next pair from `/refresh`, once.
    pub refresh_token: String,
}
