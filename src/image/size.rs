//! What takes the space in an image.

use schemars::JsonSchema;
use serde::Serialize;

/// A layer of an image.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Part {
    /// What it holds: the instruction that made it, the base, or a file.
    pub what: String,
    /// Its files when unpacked, in bytes.
    pub size: u64,
}
