//! What is done before the first request: there shall be something to try it
//! with.

use chassis::Database;
pub use chassis::SampleData as Settings;

use crate::sample_data;

/// Stores the samples that are not there yet.
pub async fn start(settings: &Settings, database: &Database) -> anyhow::Result<()> {
    if settings.is_wanted {
        sample_data::load(database).await?;
    }
    Ok(())
}
