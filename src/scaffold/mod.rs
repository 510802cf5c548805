//! Templates -> files: where a template comes from, its variables and their answers, rendering in memory,
//! and writing in one step.

pub mod answers;
pub mod apply;
pub mod blueprint;
pub mod cargo_lock;
pub mod client;
pub mod context;
pub mod contract;
mod engine;
mod layout;
pub mod lock;
pub mod manifest;
pub mod merge;
pub mod needs;
pub mod peers;
pub mod regenerate;
pub mod render;
mod selection;
pub mod source;
pub mod system;
pub mod tree;
pub mod write;
