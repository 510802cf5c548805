//! What is done before the first request: there shall be something to try it
//! with, and the index of searches is to hold all of it.

use chassis::Database;
pub use chassis::SampleData as Settings;

use crate::{sample_data, search};

/// Stores the samples that are not there yet.
pub async fn start(settings: &Settings, database: &Database) -> anyhow::Result<()> {
    if settings.is_wanted {
        sample_data::load(database).await?;
    }
    search::repair(database).await?;
    Ok(())
}
