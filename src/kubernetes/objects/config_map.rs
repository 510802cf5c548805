//! The environment variables of a service that are no secret.

use k8s_openapi::api::core::v1::ConfigMap;
use sha2::{Digest, Sha256};

use super::{Scope, environment};
use crate::error::Result;

pub(super) fn config_map(scope: &Scope) -> Result<ConfigMap> {
    Ok(ConfigMap {
        metadata: scope.identity().metadata(),
        data: Some(environment::plain(scope)?),
        ..ConfigMap::default()
    })
}

/// A short hash of the content. On the pod template it makes pods roll when their configuration changes.
pub(super) fn hash(config: &ConfigMap) -> String {
    let mut hasher = Sha256::new();
    for (key, value) in config.data.iter().flatten() {
        // Lengths keep neighbours apart.
        hasher.update(format!("{}:{key}{}:{value}", key.len(), value.len()));
    }
    hasher.finalize().iter().take(8).fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"))
}
