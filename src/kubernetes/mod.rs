//! From a project to the objects of a cluster, and to the cluster itself.
//!
//! Deciding is pure: [`render`] makes the objects that the settings ask for, [`order`] says in which waves they are
//! applied.

pub mod backing;
pub mod object;
pub mod order;
pub mod render;

pub use object::{Object, ObjectId};
pub use render::{Images, render};
