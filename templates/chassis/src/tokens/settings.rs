//! Settings of tokens.

use std::net::IpAddr;

use super::Keys;
use crate::settings;

/// What tokens say, and what they are signed with.
#[derive(Debug, Clone)]
pub struct Settings {
    pub keys: Keys,
    /// Who makes the tokens: `iss`.
    pub issuer: String,
    /// Whom they are for: `aud`.
    pub audience: String,
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
        })
    }

    /// Tokens that the service `name` makes. They outlive a process and are known to all replicas,
    /// so the keys must be given; only on a developer's machine, which `host` tells, some are made
    /// up.
    ///
    /// # Errors
    /// The system has no randomness to give.
    pub fn read(given: &mut settings::Settings, name: &str, host: IpAddr) -> anyhow::Result<Self> {
        let default = Self::ephemeral(name)?;
        let keys = given.secret("JWT_KEYS");
        if keys.is_none() && !host.is_loopback() {
            given.refuse("JWT_KEYS is missing: only on a loopback HOST it can be left out");
        }
        Ok(Self {
            keys: keys.unwrap_or(default.keys),
            issuer: given.get("JWT_ISSUER", default.issuer),
            audience: given.get("JWT_AUDIENCE", default.audience),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Settings;
    use crate::settings;

    fn read(environment: &[(&str, &str)]) -> anyhow::Result<(Settings, String)> {
        let mut given = settings::Settings::of(environment);
        let everywhere = [0, 0, 0, 0].into();
        let read = Settings::read(&mut given, "shop", everywhere)?;
        Ok((read, given.finish()?))
    }

    #[test]
    fn keys_are_needed_in_a_container_and_never_shown() {
        let error = read(&[]).unwrap_err().to_string();
        assert!(error.contains("JWT_KEYS is missing"), "{error}");

        let secret = "A".repeat(43) + "=";
        let keys = format!("first:{secret}");
        let (settings, summary) = read(&[("JWT_KEYS", &keys)]).unwrap();
        assert!(summary.contains("JWT_KEYS=*** (environment)"), "{summary}");
        assert!(!format!("{settings:?}").contains(&secret[..8]));
    }
}
