//! The Docker engine: builds an image with BuildKit and pushes it, or takes one that was made without it. The only user of bollard.

mod build;
mod dial;
mod engine;
mod explain;
mod host;
mod load;
mod push;
mod session;
mod steps;

pub use build::Built;
pub use engine::Engine;
pub use push::Pushed;

pub(super) use push::amount;
