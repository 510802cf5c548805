//! Deploys to a real cluster.

mod broken_way;
mod daemons;
mod deploy;
mod export;
mod failures;
mod faults;
mod pipeline;
mod preflight;
mod refusals;
mod stage;
mod streams;
mod system;
mod way;
