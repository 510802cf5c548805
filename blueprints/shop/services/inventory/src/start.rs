//! What is done before the first request: there shall be something to try the shop with.

pub use chassis::SampleData as Settings;
use chassis::{Background, Database};

use crate::sample;

/// Stores the samples that are not there yet.
pub async fn start(
    settings: &Settings,
    database: &Database,
    _background: &Background,
) -> anyhow::Result<()> {
    if settings.is_wanted {
        sample::load(database).await?;
    }
    Ok(())
}
