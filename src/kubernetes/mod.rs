//! From a project to the objects of a cluster, and to the cluster itself.
//!
//! Deciding is pure: [`render()`] makes the objects that the settings ask for, [`order`] says in which waves they are
//! applied.

pub mod apply;
pub mod backing;
pub mod client;
mod compare;
pub mod delete;
pub mod deploy;
pub mod difference;
pub mod events;
mod evidence;
pub mod export;
pub mod files;
pub mod forward;
pub mod history;
pub mod inventory;
mod labels;
pub mod lease;
mod live;
pub mod logs;
mod manifests;
mod namespace;
pub mod object;
mod objects;
pub mod order;
mod own;
pub mod packed;
pub mod patch;
pub mod plan;
pub mod preflight;
mod reach;
pub mod release;
pub mod render;
mod replicas;
mod retry;
pub mod rollout;
pub mod scale;
pub mod secret;
mod settled;
pub mod status;
pub mod verdict;
pub mod warnings;
pub mod watch;
pub mod yaml;

pub use object::{Object, ObjectId};
pub use render::{Images, render};

/// On pod templates: a hash of the configuration, so that a change of it makes the pods roll.
pub const CONFIG_ANNOTATION: &str = "msvc/config";
