//! `kind: Service`: one service as its msvc.yaml declares it.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::checked::Checked;
use super::deploy::{Deploy, Port};
use super::entity::Entity;
use super::event::{Event, EventName};
use super::image::Image;
use super::name::{DnsLabel, EnvironmentName};
use super::system::Backing;

/// One service.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Service {
    /// `msvc/v1`.
    pub api_version: ApiVersion,
    /// `Service`.
    pub kind: ServiceKind,
    /// The service's name: crate, image, Kubernetes objects.
    pub name: DnsLabel,
    /// One sentence about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The template it was made from, and the options that shape its code.
    pub template: TemplateRef,
    /// Port of the API; default 8080. The management port is 9090.
    #[serde(default = "default_port")]
    pub port: Port,
    /// Settings of `msvc up`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub local: Option<Local>,
    /// What it stores and serves.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub entities: IndexMap<DnsLabel, Checked<Entity>>,
    /// Services that it calls.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub uses: Vec<DnsLabel>,
    /// Events that it publishes.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub publishes: IndexMap<EventName, Event>,
    /// Events that it consumes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub subscribes: Vec<EventName>,
    /// How it becomes an image.
    #[serde(default)]
    pub image: Image,
    /// How it runs in a cluster.
    #[serde(default)]
    pub deploy: Checked<Deploy>,
    /// What differs by environment.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub environments: IndexMap<EnvironmentName, ServiceEnvironment>,
}

fn default_port() -> Port {
    Port::try_from(8080).unwrap_or_else(|_| unreachable!("8080 is a port"))
}

impl Service {
    /// Whether its API is called by gRPC.
    #[must_use]
    pub fn speaks_grpc(&self) -> bool {
        self.template.options.get("api").and_then(Value::as_str) == Some("grpc")
    }

    /// Whether it tells others of what happens in it.
    #[must_use]
    pub fn has_outbox(&self) -> bool {
        self.template.options.get("events").and_then(Value::as_str) == Some("outbox")
    }

    /// Whether it tells others of what happens, or hears from them.
    #[must_use]
    pub fn has_events(&self) -> bool {
        self.has_outbox() || !self.subscribes.is_empty()
    }

    /// Whether it takes in events of others.
    #[must_use]
    pub fn hears_events(&self) -> bool {
        !self.subscribes.is_empty() && !self.speaks_grpc()
    }

    /// Whether it keeps in Redis what it has read.
    #[must_use]
    pub fn caches_in_redis(&self) -> bool {
        self.template.options.get("cache").and_then(Value::as_str) == Some("redis")
    }

    /// Whether it keeps data in a SQL database.
    #[must_use]
    pub fn stores(&self) -> bool {
        self.template.options.get("store").and_then(Value::as_str) == Some("sql")
    }

    /// Whether it has been declared to keep no data.
    #[must_use]
    pub fn stores_nothing(&self) -> bool {
        self.template.options.get("store").and_then(Value::as_str) == Some("none")
    }

    /// Whether it signs or verifies tokens, with `JWT_KEYS`.
    #[must_use]
    pub fn needs_token_keys(&self) -> bool {
        let auth = self.template.options.get("auth").and_then(Value::as_str);
        auth == Some("jwt") || self.deploy.secrets.contains_key("JWT_KEYS")
    }

    /// Whether it has accounts of its own, and asks for tokens.
    #[must_use]
    pub fn has_accounts(&self) -> bool {
        // Others only verify the tokens of one that has.
        self.template.options.get("auth").and_then(Value::as_str) == Some("jwt") && self.stores() && !self.speaks_grpc()
    }
}

/// The version of the file's format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum ApiVersion {
    /// The only one so far.
    #[serde(rename = "msvc/v1")]
    V1,
}

/// The kind of document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum ServiceKind {
    /// One service.
    Service,
}

/// The template a service was made from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TemplateRef {
    /// Built-in name, folder or git URL.
    pub name: String,
    /// The answers that shape its code.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub options: Map<String, Value>,
}

/// Settings of `msvc up`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Local {
    /// A fixed port on this machine.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub port: Option<Port>,
}

/// What differs in one environment. A service outside a system says here where it runs; inside a system
/// the system does.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ServiceEnvironment {
    /// Context of the kubeconfig.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub context: Option<String>,
    /// Namespace; default: the project's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// Registry, with a path where it has one, that images are pushed to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registry: Option<String>,
    /// `namespace/name` of the Gateway that routes hang on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gateway: Option<String>,
    /// Names of the Secrets that the cluster pulls with.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pull_secrets: Vec<String>,
    /// Databases and the like that come along, for development only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub backing: Option<Backing>,
    /// Laid over `deploy`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deploy: Option<Checked<Deploy>>,
    /// Laid over `image`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image: Option<Image>,
}
