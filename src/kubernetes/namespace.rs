//! The namespace: made when it is missing, never changed, and removed only when msvc made it for this project.

use k8s_openapi::api::core::v1::ConfigMap;
use serde_json::{Value, json};

use super::client::{Apply, Cluster, Refusal};
use super::object::ObjectId;
use crate::error::{Error, Result};
use crate::progress::Progress;

const PROJECT: &str = "app.kubernetes.io/part-of";
const MANAGED_BY: &str = "app.kubernetes.io/managed-by";

/// Which object the namespace is.
#[must_use]
pub fn id(name: &str) -> ObjectId {
    ObjectId {
        group: String::new(),
        version: "v1".to_owned(),
        kind: "Namespace".to_owned(),
        namespace: None,
        name: name.to_owned(),
    }
}

/// Whether it is there. A user who may not look is taken to have been given one.
pub async fn exists(cluster: &Cluster) -> bool {
    !matches!(cluster.read(&id(cluster.namespace())).await, Ok(None))
}

/// Makes it if it is missing.
///
/// # Errors
/// It is missing, and the user may not make it.
pub async fn ensure(cluster: &Cluster, project: &str, progress: &dyn Progress) -> Result<()> {
    if exists(cluster).await {
        return Ok(());
    }
    let name = cluster.namespace();
    // What msvc makes keeps to the restricted standard; what else the user puts there is warned of, not refused.
    let labels = json!({
        MANAGED_BY: "msvc", PROJECT: project,
        "pod-security.kubernetes.io/enforce": "baseline",
        "pod-security.kubernetes.io/warn": "restricted",
    });
    let namespace = json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}});
    match cluster.apply(&id(name), &namespace, Apply::default()).await {
        Ok(_) => {
            progress.message(&format!("made namespace {name}"));
            Ok(())
        }
        Err(Refusal::Other(e)) => {
            Err(e.hint(format!("have namespace {name} made, or name another in msvc.yaml: `environments`")))
        }
        Err(Refusal::Conflicts(_)) => Err(Error::failed(format!("namespace {name} is being made by someone else"))),
    }
}

/// Why the namespace should stay, though the user would let it go; `None`: it may go.
///
/// # Errors
/// No rights; no answer.
pub async fn reason_to_stay(cluster: &Cluster, project: &str) -> Result<Option<String>> {
    let Some(namespace) = cluster.read(&id(cluster.namespace())).await? else { return Ok(Some("it is gone".into())) };
    let label = |key: &str| namespace.pointer("/metadata/labels")?.get(key).and_then(Value::as_str);
    if label(MANAGED_BY) != Some("msvc") || label(PROJECT) != Some(project) {
        return Ok(Some("msvc did not make it for this project".to_owned()));
    }
    let selector = format!("{MANAGED_BY}=msvc,app.kubernetes.io/component=inventory");
    let others =
        cluster.list::<ConfigMap>(&selector).await?.into_iter().filter_map(|map| map.metadata.labels?.remove(PROJECT));
    let others: Vec<String> = others.filter(|other| other != project).collect();
    Ok((!others.is_empty()).then(|| format!("{} runs there too", others.join(", "))))
}
