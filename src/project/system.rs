//! `kind: System`: several services with their environments.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::name::{DnsLabel, EnvironmentName};
use super::service::{ApiVersion, ServiceEnvironment};

/// A system of services.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct System {
    /// `msvc/v1`.
    pub api_version: ApiVersion,
    /// `System`.
    pub kind: SystemKind,
    /// The system's name.
    pub name: DnsLabel,
    /// One sentence about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Folders of its services, with `*`.
    pub services: Vec<String>,
    /// Where it runs.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub environments: IndexMap<EnvironmentName, ServiceEnvironment>,
}

/// The kind of document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum SystemKind {
    /// A system.
    System,
}

/// Databases and the like that an environment brings along, for development only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Backing {
    /// With msvc's choice of images.
    Named(BackingName),
    /// With images of the user's choice.
    Images(BackingImages),
}

/// What `backing` may be called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum BackingName {
    /// One small pod of each kind that the services need.
    Development,
}

/// Images of the backing services.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BackingImages {
    /// PostgreSQL; default `postgres:15`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub postgres: Option<String>,
    /// Redis; default `redis:7`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub redis: Option<String>,
    /// NATS; default `nats:2`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nats: Option<String>,
}

impl Backing {
    /// The image of PostgreSQL.
    #[must_use]
    pub fn postgres(&self) -> &str {
        match self {
            Self::Images(BackingImages { postgres: Some(image), .. }) => image,
            _ => "postgres:15",
        }
    }

    /// The image of Redis.
    #[must_use]
    pub fn redis(&self) -> &str {
        match self {
            Self::Images(BackingImages { redis: Some(image), .. }) => image,
            _ => "redis:7",
        }
    }

    /// The image of NATS.
    #[must_use]
    pub fn nats(&self) -> &str {
        match self {
            Self::Images(BackingImages { nats: Some(image), .. }) => image,
            _ => "nats:2",
        }
    }
}
