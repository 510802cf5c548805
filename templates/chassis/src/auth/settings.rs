//! Settings of accounts.

use std::net::IpAddr;
use std::time::Duration;

use crate::{settings, tokens};

/// What tokens say and how long they live.
#[derive(Debug, Clone)]
pub struct Settings {
    pub tokens: tokens::Settings,
    pub access_lifetime: Duration,
    pub refresh_lifetime: Duration,
}

impl Settings {
    /// Those of the service `name`, with a key of its own that nobody else has.
    ///
    /// # Errors
    /// The system has no randomness to give.
    pub fn ephemeral(name: &str) -> anyhow::Result<Self> {
        tokens::Settings::ephemeral(name).map(Self::of)
    }

    /// Those that were set for the service `name`, which listens on `host`.
    ///
    /// # Errors
    /// The system has no randomness to give.
    pub fn read(given: &mut settings::Settings, name: &str, host: IpAddr) -> anyhow::Result<Self> {
        let default = Self::of(tokens::Settings::read(given, name, host)?);
        Ok(Self {
            access_lifetime: given.seconds("ACCESS_TOKEN_LIFETIME", default.access_lifetime),
            refresh_lifetime: given.seconds("REFRESH_TOKEN_LIFETIME", default.refresh_lifetime),
            ..default
        })
    }

    fn of(tokens: tokens::Settings) -> Self {
        Self {
            tokens,
            access_lifetime: Duration::from_mins(15),
            refresh_lifetime: Duration::from_hours(30 * 24),
        }
    }
}
