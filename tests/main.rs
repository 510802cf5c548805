//! The integration tests, in one binary: they run msvc as a user does.
#![expect(clippy::unwrap_used, reason = "a test that can't set its stage may panic")]

mod generated;
mod git;
mod house;
mod live;
mod new;
mod project;
mod registry;
mod render;
mod service;
mod support;
mod up;
