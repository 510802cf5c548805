//! `deploy` of msvc.yaml: how a service runs in a cluster. Every part may be left out, so that an
//! environment can be laid over it; defaults are applied where objects are made.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::checked::{Check, Checked};

/// How a service runs in a cluster.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Deploy {
    /// A fixed number of pods; never together with `autoscale`. Default 2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replicas: Option<u32>,
    /// Bounds and targets of the autoscaler.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub autoscale: Option<Checked<Autoscale>>,
    /// Requests and limits of the container.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resources: Option<Resources>,
    /// How the outside reaches it; default: not at all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expose: Option<Checked<Expose>>,
    /// Environment variables, kept in a ConfigMap.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub env: IndexMap<String, Scalar>,
    /// Environment variables from Secrets that exist in the namespace.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub secrets: IndexMap<String, SecretKey>,
    /// What the network policy lets out besides `uses`, DNS and backing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub egress: Vec<Egress>,
    /// The account that the pods run as.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service_account: Option<ServiceAccount>,
    /// Where the pods may run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scheduling: Option<Scheduling>,
    /// Strategic merge patches, applied last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub patches: Vec<Patch>,
    /// Files of the user's own objects, relative to msvc.yaml, with `*`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub manifests: Vec<String>,
}

impl Check for Deploy {
    fn check(&self) -> Result<(), String> {
        if self.replicas.is_some() && self.autoscale.is_some() {
            return Err(
                "`replicas` and `autoscale` exclude each other: the autoscaler owns the number of pods".to_owned()
            );
        }
        Ok(())
    }
}

/// Bounds and targets of the autoscaler.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Autoscale {
    /// Fewest pods; default 2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1))]
    pub min: Option<u32>,
    /// Most pods; default 10.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1))]
    pub max: Option<u32>,
    /// Average use of the requested CPU to hold, in percent; default 70 where nothing else is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cpu: Option<u32>,
    /// Average use of the requested memory to hold, in percent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memory: Option<u32>,
}

impl Check for Autoscale {
    fn check(&self) -> Result<(), String> {
        match (self.min, self.max) {
            (Some(0), _) | (_, Some(0)) => Err("`min` and `max` start at 1".to_owned()),
            (Some(min), Some(max)) if min > max => Err(format!("min {min} is more than max {max}")),
            _ if self.cpu == Some(0) || self.memory == Some(0) => Err("a target of 0 percent can't be held".to_owned()),
            _ => Ok(()),
        }
    }
}

/// Requests and limits of the container.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Resources {
    /// What is set aside for it.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub requests: IndexMap<String, Scalar>,
    /// What it may not exceed.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub limits: IndexMap<String, Scalar>,
}

/// How the outside reaches a service: a load balancer or node port, or a host name at a gateway or ingress.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Expose {
    /// `LoadBalancer` or `NodePort`: the Service itself is reachable.
    #[serde(default, rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<ExposeType>,
    /// Port that the outside uses; default 80.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub port: Option<Port>,
    /// Host name of an HTTPRoute or Ingress.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    /// Path prefix of the route; default `/`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// Name of the Secret with the host's certificate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tls: Option<String>,
}

impl Check for Expose {
    fn check(&self) -> Result<(), String> {
        match (self.kind, &self.host) {
            (Some(_), Some(_)) => Err("`type` and `host` exclude each other".to_owned()),
            (Some(_), None) if self.path.is_some() || self.tls.is_some() => {
                Err("`path` and `tls` go with `host`".to_owned())
            }
            _ => Ok(()),
        }
    }
}

/// A Service that is reachable from outside the cluster.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum ExposeType {
    /// By a load balancer of the platform.
    LoadBalancer,
    /// By a port of every node.
    NodePort,
}

/// A TCP port, 1 to 65535.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "i64", into = "i64")]
#[schemars(with = "i64")]
pub struct Port(#[schemars(range(min = 1, max = 65535))] u16);

impl Port {
    /// The port's number.
    #[must_use]
    pub const fn number(self) -> u16 {
        self.0
    }
}

impl TryFrom<i64> for Port {
    type Error = String;

    fn try_from(number: i64) -> Result<Self, String> {
        match u16::try_from(number) {
            Ok(port) if port > 0 => Ok(Self(port)),
            _ => Err(format!("{number} is not a port: ports go from 1 to 65535")),
        }
    }
}

impl From<Port> for i64 {
    fn from(port: Port) -> Self {
        port.0.into()
    }
}

/// A key of a Secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SecretKey {
    /// The Secret's name.
    pub name: String,
    /// The key in it.
    pub key: String,
}

/// Addresses that the network policy lets out to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Egress {
    /// Network, for example `10.20.0.0/16`.
    pub cidr: String,
    /// TCP ports; none: all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ports: Vec<Port>,
}

/// The account that the pods run as.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ServiceAccount {
    /// Annotations, for example the cloud role that it takes on.
    #[serde(default)]
    pub annotations: IndexMap<String, Scalar>,
}

/// Where the pods may run.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Scheduling {
    /// Labels that a node must have.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub node_selector: IndexMap<String, Scalar>,
    /// Taints that are put up with, as in a pod's spec.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tolerations: Vec<Value>,
    /// Label of nodes over whose values pods are spread; default `topology.kubernetes.io/zone`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topology_key: Option<String>,
}

/// A strategic merge patch of one of the objects.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Patch {
    /// Which object.
    pub target: PatchTarget,
    /// What is laid over it.
    pub patch: Value,
}

/// Which of the objects is patched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PatchTarget {
    /// Its kind, for example `Deployment`.
    pub kind: String,
    /// Its name, where the service has several of that kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// Text that may be written as a number or boolean in YAML: `50m`, `1`, `true`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "Value")]
#[schemars(extend("type" = ["string", "number", "boolean"]))]
pub struct Scalar(String);

impl Scalar {
    /// The value as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Scalar {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl TryFrom<Value> for Scalar {
    type Error = String;

    fn try_from(value: Value) -> Result<Self, String> {
        match value {
            Value::String(text) => Ok(Self(text)),
            Value::Number(n) => Ok(Self(n.to_string())),
            Value::Bool(b) => Ok(Self(b.to_string())),
            _ => Err("a plain value is wanted here: text, a number, true or false".to_owned()),
        }
    }
}
