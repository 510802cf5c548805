//! Settings of tokens.

use std::net::IpAddr;
use std::time::Duration;

use super::Keys;
use crate::config::Layers;

/// What tokens say and how long they live.
#[derive(Debug, Clone)]
pub struct Settings {
    pub keys: Keys,
    /// Who makes the tokens: `iss`.
    pub issuer: String,
    /// Whom they are for: `aud`.
    pub audience: String,
    pub access_lifetime: Duration,
    pub refresh_lifetime: Duration,
}

impl Settings {
    /// Those of the service `name`, with a key of its own that nobody else has.
    ///
    /// # Errors
    /// The system has no randomness to give.
    pub fn ephemeral(name: &str) -> anyhow::Result<Self> {
        Ok(Self {
            keys: Keys::random()?,
            issuer: name.to_owned(),
            audience: name.to_owned(),
            access_lifetime: Duration::from_mins(15),
            refresh_lifetime: Duration::from_hours(30 * 24),
        })
    }

    /// Tokens outlive a process and are known to all replicas, so the keys must be given; only on a
    /// developer's machine, which `host` tells, a service makes one up.
    pub(crate) fn read(layers: &mut Layers, name: &str, host: IpAddr) -> anyhow::Result<Self> {
        let default = Self::ephemeral(name)?;
        let keys = layers.secret("JWT_KEYS");
        if keys.is_none() && !host.is_loopback() {
            layers.refuse("JWT_KEYS is missing: only on a loopback HOST it can be left out");
        }
        Ok(Self {
            keys: keys.unwrap_or(default.keys),
            issuer: layers.get("JWT_ISSUER", default.issuer),
            audience: layers.get("JWT_AUDIENCE", default.audience),
            access_lifetime: layers.seconds("ACCESS_TOKEN_LIFETIME", default.access_lifetime),
            refresh_lifetime: layers.seconds("REFRESH_TOKEN_LIFETIME", default.refresh_lifetime),
        })
    }
}
