//! What is done before the first request: there shall be something to try it
//! with.

pub use chassis::SampleData as Settings;
use chassis::{Background, Database};

use crate::clients::Clients;
use crate::sample_data;

/// Stores what sample users have done, unless it is there.
pub async fn start(
    settings: &Settings,
    database: &Database,
    _clients: &Clients,
    _background: &Background,
) -> anyhow::Result<()> {
    if settings.is_wanted {
        sample_data::load(database).await?;
    }
    Ok(())
}
