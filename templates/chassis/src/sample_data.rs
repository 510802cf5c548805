//! Data to try a service with, before there is any.

use crate::{Config, Settings};

/// Whether there shall be some.
#[derive(Debug, Clone, Copy)]
pub struct SampleData {
    /// To be stored before the first request, unless it is there.
    pub is_wanted: bool,
}

impl SampleData {
    /// As `SAMPLE_DATA` says; without it, where only this machine reaches the service.
    pub fn read(given: &mut Settings, config: &Config) -> Self {
        Self {
            is_wanted: given.get("SAMPLE_DATA", config.host.is_loopback()),
        }
    }
}
