//! Registries of images: references, credentials, and what a registry knows.
//!
//! A leaf, and the only user of oci-client.

mod client;
mod credentials;
mod reference;
mod session;

pub use client::{digest_of, processors_of};
pub(crate) use credentials::DOCKER_HUB;
pub use credentials::{Credentials, credentials_for};
pub use reference::{Digest, Reference};
pub use session::{Blob, Image, Session, digest};
