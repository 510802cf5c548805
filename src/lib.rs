//! msvc takes a Rust team from nothing to a system of services that runs on Kubernetes, and keeps it there.
//!
//! The map of the rooms, named after what a user does; `docs/architecture.md` says who may use whom.

pub mod cargo;
pub mod cli;
pub mod error;
pub mod git;
pub mod graph;
pub mod image;
pub mod kubernetes;
pub mod local;
pub mod pipeline;
pub mod progress;
pub mod project;
pub mod registry;
pub mod scaffold;
pub mod ui;
