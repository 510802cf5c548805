//! Git, as far as msvc needs it: the revision that a folder stands at, and the repository of a new project.
//!
//! A leaf, and the only user of git2.

mod clone;
mod content;
mod create;
mod ignores;
mod merge;
mod remote;
mod revision;

pub use clone::clone;
pub use content::{content_hash, files, files_hash};
pub use create::{init, inside_repository};
pub use ignores::Ignores;
pub use merge::{Merged, merge};
pub use revision::{Revision, describe};

/// The digits that a commit or a content hash is shortened to.
const SHORT: usize = 12;
