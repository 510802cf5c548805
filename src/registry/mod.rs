//! Registries of images: references, credentials, and what a registry knows.
//!
//! A leaf, and the only user of oci-client.

mod client;
mod credentials;
mod grammar;
mod mirrors;
mod oauth;
mod pull;
mod push;
mod reference;
mod referrers;
mod retry;
mod session;
mod upload;

pub use client::{digest_of, processors_of};
pub(crate) use credentials::DOCKER_HUB;
pub use credentials::{Credentials, credentials_for};
pub use pull::Image;
pub use reference::{Digest, Reference};
pub use session::{Blob, Session, digest};
