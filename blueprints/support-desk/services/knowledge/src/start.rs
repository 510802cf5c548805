//! What is done before the first request: there shall be something to try it
//! with.

pub use chassis::SampleData as Settings;
use chassis::{Background, Database};

use crate::sample_data;

/// Stores the articles that are not there yet.
pub async fn start(
    settings: &Settings,
    database: &Database,
    _background: &Background,
) -> anyhow::Result<()> {
    if settings.is_wanted {
        sample_data::load(database).await?;
    }
    Ok(())
}
