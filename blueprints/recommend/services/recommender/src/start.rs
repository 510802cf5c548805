//! What is done before the first request: there shall be something to try it
//! with.

use chassis::{Background, Config, Database};

use crate::clients::Clients;
use crate::sample_data;

/// What it goes by.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    is_sample: bool,
}

impl Settings {
    /// Reads those that were set.
    pub fn read(given: &mut chassis::Settings, config: &Config) -> Self {
        Self {
            is_sample: given.get("SAMPLE_DATA", config.host.is_loopback()),
        }
    }
}

/// Stores what sample users have done, unless it is there.
pub async fn start(
    settings: &Settings,
    database: &Database,
    _clients: &Clients,
    _background: &Background,
) -> anyhow::Result<()> {
    if settings.is_sample {
        sample_data::load(database).await?;
    }
    Ok(())
}
