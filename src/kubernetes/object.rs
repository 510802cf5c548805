//! One Kubernetes object as data, with what identifies it at hand.

use std::fmt::Display;

use k8s_openapi::Metadata;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A Kubernetes object, ready to be applied or printed.
#[derive(Debug, Clone, PartialEq)]
pub struct Object {
    /// `apps/v1`, or `v1` for the core group.
    pub api_version: String,
    /// `Deployment`.
    pub kind: String,
    /// Its namespace; `None`: it belongs to the whole cluster.
    pub namespace: Option<String>,
    /// Its name.
    pub name: String,
    /// The whole object, `apiVersion`, `kind` and `metadata` included.
    pub value: Value,
    /// The service that it belongs to; `None`: to the project as a whole (backing).
    pub service: Option<String>,
}

/// What tells one object of a cluster from every other.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ObjectId {
    /// API group; empty for the core group.
    pub group: String,
    /// Version of the group.
    pub version: String,
    /// `Deployment`.
    pub kind: String,
    /// Its namespace, if it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// Its name.
    pub name: String,
}

impl Object {
    /// The object of a typed resource that carries its name, for the service given.
    #[must_use]
    pub fn typed<K: Metadata<Ty = ObjectMeta> + Serialize>(resource: &K, service: Option<&str>) -> Self {
        let metadata = resource.metadata();
        Self {
            api_version: K::API_VERSION.to_owned(),
            kind: K::KIND.to_owned(),
            namespace: metadata.namespace.clone(),
            name: metadata.name.clone().unwrap_or_default(),
            value: metadata_first(
                serde_json::to_value(resource).unwrap_or_else(|_| unreachable!("typed objects are plain data")),
            ),
            service: service.map(str::to_owned),
        }
    }

    /// The object in a document; `None` when it lacks `apiVersion`, `kind` or `metadata.name`.
    #[must_use]
    pub fn from_value(value: Value, service: Option<&str>) -> Option<Self> {
        let text =
            |pointer| value.pointer(pointer).and_then(Value::as_str).filter(|s| !s.is_empty()).map(str::to_owned);
        Some(Self {
            api_version: text("/apiVersion")?,
            kind: text("/kind")?,
            name: text("/metadata/name")?,
            namespace: text("/metadata/namespace"),
            service: service.map(str::to_owned),
            value,
        })
    }

    /// What identifies it.
    #[must_use]
    pub fn id(&self) -> ObjectId {
        let (group, version) = self.api_version.split_once('/').unwrap_or(("", &self.api_version));
        ObjectId {
            group: group.to_owned(),
            version: version.to_owned(),
            kind: self.kind.clone(),
            namespace: self.namespace.clone(),
            name: self.name.clone(),
        }
    }
}

/// The object with its metadata where people look for them, before data and specification.
fn metadata_first(value: Value) -> Value {
    let Value::Object(mut map) = value else { return value };
    let mut ordered = serde_json::Map::new();
    for key in ["apiVersion", "kind", "metadata"] {
        ordered.extend(map.shift_remove(key).map(|value| (key.to_owned(), value)));
    }
    ordered.extend(map);
    Value::Object(ordered)
}

impl ObjectId {
    /// `apps/v1`, or `v1` for the core group.
    #[must_use]
    pub fn api_version(&self) -> String {
        if self.group.is_empty() { self.version.clone() } else { format!("{}/{}", self.group, self.version) }
    }
}

impl Display for ObjectId {
    /// `Deployment/orders`, as users of kubectl write it.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.kind, self.name)
    }
}
