//! The Secret that the backing services and their users read: which one is wanted, never what is in it.

use crate::project::Settings;

/// A Secret that `deploy` makes when it is absent, and then leaves alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretPlan {
    /// Its name.
    pub name: String,
    /// Its keys; each gets a random password of letters and digits. A key that is absent is added, one that
    /// exists is kept: the database was made with it.
    pub keys: Vec<String>,
}

/// Key of PostgreSQL's password.
pub(super) const POSTGRES_PASSWORD: &str = "postgres-password";

/// Key of NATS's password.
pub(super) const NATS_PASSWORD: &str = "nats-password";

/// Key of Redis' password.
pub(super) const REDIS_PASSWORD: &str = "redis-password";

/// The Secret that the environment's backing needs; `None`: it needs none.
#[must_use]
pub fn secret_plan(settings: &Settings) -> Option<SecretPlan> {
    let postgres = super::users(settings).next().map(|_| POSTGRES_PASSWORD.to_owned());
    let nats = super::nats::users(settings).next().map(|_| NATS_PASSWORD.to_owned());
    let redis = super::redis::users(settings).next().map(|_| REDIS_PASSWORD.to_owned());
    let keys: Vec<String> = postgres.into_iter().chain(nats).chain(redis).collect();
    (!keys.is_empty()).then(|| SecretPlan { name: secret_name(settings), keys })
}

/// The Secret's name.
pub(super) fn secret_name(settings: &Settings) -> String {
    format!("msvc-{}-backing", settings.project)
}
