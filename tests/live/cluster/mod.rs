//! Deploys to a real cluster.

mod deploy;
mod failures;
mod faults;
mod forward;
mod refusals;
mod stage;
