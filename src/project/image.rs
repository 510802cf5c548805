//! `image` of msvc.yaml: where a service's image goes and how it is made.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How a service becomes an image.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Image {
    /// Where it is pushed, without a tag; default: the environment's registry and the service's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repository: Option<String>,
    /// What builds it; default `docker`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub builder: Option<Builder>,
    /// The image it stands on; default `gcr.io/distroless/cc-debian12:nonroot`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base: Option<String>,
    /// Operating system and architecture, for example `linux/amd64`; default: the builder's own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub platforms: Vec<String>,
}

/// What builds an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Builder {
    /// The Docker engine, from the Dockerfile.
    Docker,
    /// cargo on this machine; no engine needed.
    Native,
}
