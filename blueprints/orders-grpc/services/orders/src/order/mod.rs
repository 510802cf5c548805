//! Orders: what one looks like, where they are stored, and how they are offered over gRPC.

mod convert;
pub mod model;
mod place;
mod rpc;
mod store;

pub use place::placing;
pub use rpc::service;
