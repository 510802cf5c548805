//! Whole systems in a real cluster, whose pods are killed while requests come in. It takes long, so `cargo test` leaves it
//! out: `just long`.
#![expect(clippy::unwrap_used, reason = "a test that can't set its stage may panic")]
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "who waits for it wants to see how far it is")]

mod cluster;
mod load;
mod minds;
mod risk;
mod shop;
#[allow(dead_code, unused_imports, reason = "shared with the other tests, which use more of it")]
#[path = "../support/mod.rs"]
mod support;
mod systems;
