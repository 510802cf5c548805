//! The user's cargo as a process: what it is told to build, and what it says.
//!
//! A leaf.

mod build;
mod lines;
mod output;

pub use build::{Build, Package};
pub use lines::Lines;
