//! Deploys to a real cluster.

mod deploy;
mod failures;
mod faults;
mod refusals;
mod stage;
mod streams;
mod system;
