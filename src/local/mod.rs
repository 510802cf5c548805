//! The project as processes on this machine: `msvc up`.
//!
//! [`up()`] builds with cargo ([`crate::cargo`], [`build`]), assigns ports ([`ports`]), starts every service after those it uses
//! ([`order`]), keeps each alive ([`keeper`]) and tells what happens as [`Event`]s. What a killed `up` leaves
//! running is written down and ended by the next one ([`leftovers`]). With `--watch`, what changes ([`watch`]) is built and
//! started anew ([`rebuild`]).

mod build;
mod event;
mod holder;
mod identity;
mod keeper;
mod keys;
mod leftovers;
mod order;
mod ports;
mod probe;
mod process;
mod rebuild;
mod report;
mod supervisor;
mod up;
mod watch;

use std::path::PathBuf;

pub use event::{Event, Stream};
pub use up::{Request, up};

/// One service, ready to be started.
#[derive(Debug, Clone)]
struct Runnable {
    /// Its name.
    name: String,
    /// Its folder, which it runs in.
    dir: PathBuf,
    /// What cargo built.
    executable: PathBuf,
    /// Where the API listens on 127.0.0.1.
    port: u16,
    /// Whether that is called by gRPC.
    grpc: bool,
    /// Where health and metrics listen on 127.0.0.1.
    management: u16,
    /// Variables that tell it of the others: where those are that it uses and that want its events, and the keys that
    /// they share.
    told: Vec<(String, String)>,
}
