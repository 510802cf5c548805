//! msvc.yaml: its schema, names, loading, environments, and edits.
//!
//! What a file says is in [`service`] and [`system`]; [`load()`] reads a whole project from disk;
//! [`settings`] merges an environment over it, which is what the other rooms work with.

pub mod checked;
pub mod deploy;
pub mod edges;
pub mod edit;
pub mod entity;
pub mod entity_spec;
pub mod event;
pub mod image;
pub mod load;
pub mod name;
pub mod overlay;
pub mod references;
mod rules;
pub mod schema;
pub mod service;
pub mod settings;
pub mod system;
pub mod yaml;
pub mod yaml_block;
pub mod yaml_flow;

pub use load::{Project, ServiceFile, find_root, load};
pub use name::{DnsLabel, EnvironmentName, FieldName};
pub use service::Service;
pub use settings::{ServiceSettings, Settings};
pub use system::{Backing, System};

/// The name of the project file, in a service's and in a system's folder.
pub const FILE: &str = "msvc.yaml";
/// The only version of the project file there is so far.
pub const API_VERSION: &str = "msvc/v1";
