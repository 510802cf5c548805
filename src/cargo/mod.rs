//! The user's cargo as a process: what it is told to build, and what it says.
//!
//! A leaf.

mod build;
mod lines;
mod linked;
mod members;
mod output;

pub use build::{Build, Built, Package};
pub use lines::Lines;
pub use linked::{Crate, Graph, Origin};
pub use members::{Member, foreign_to, members};
