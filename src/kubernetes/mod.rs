//! From a project to the objects of a cluster, and to the cluster itself.
//!
//! Deciding is pure: [`render`] makes the objects that the settings ask for, [`order`] says in which waves they are
//! applied.

pub mod backing;
mod labels;
mod manifests;
pub mod object;
mod objects;
pub mod order;
pub mod patch;
pub mod render;
pub mod warnings;
pub mod yaml;

pub use object::{Object, ObjectId};
pub use render::{Images, render};

/// On pod templates: a hash of the configuration, so that a change of it makes the pods roll.
pub const CONFIG_ANNOTATION: &str = "msvc/config";
