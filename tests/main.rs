//! The integration tests, in one binary: they run msvc as a user does.
#![expect(clippy::unwrap_used, reason = "a test that can't set its stage may panic")]
#![expect(clippy::format_push_string, clippy::format_collect, reason = "a test need not save allocations")]

mod add;
mod contract;
mod docs;
mod engine;
mod gateway;
mod generated;
mod git;
mod graph;
mod house;
mod live;
mod locks;
mod matrix;
mod new;
mod pipeline;
mod project;
mod push;
mod registry;
mod render;
mod service;
mod support;
mod system;
mod up;
