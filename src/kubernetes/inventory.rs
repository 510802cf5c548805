//! What msvc applied for a project, kept in its namespace: what the project no longer has is found here and pruned,
//! and `delete` removes exactly this. Written before anything is applied, so that a killed deploy orphans nothing.

use std::collections::HashSet;

use k8s_openapi::api::core::v1::ConfigMap;
use serde::{Deserialize, Serialize};

use super::client::Cluster;
use super::object::{Object, ObjectId};
use super::own::{self, Record};
use crate::error::{Context as _, Error, Result};

const KEY: &str = "objects";

/// One object that was applied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Which object.
    #[serde(flatten)]
    pub id: ObjectId,
    /// The service that it belongs to; `None`: to the project as a whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
}

impl From<&Object> for Entry {
    fn from(object: &Object) -> Self {
        Self { id: object.id(), service: object.service.clone() }
    }
}

/// All that was applied.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Inventory(pub Vec<Entry>);

/// The version of the API is only a way of looking at an object.
type Key<'a> = (&'a str, &'a str, Option<&'a str>, &'a str);

fn key(id: &ObjectId) -> Key<'_> {
    (&id.group, &id.kind, id.namespace.as_deref(), &id.name)
}

impl Inventory {
    fn keys(&self) -> HashSet<Key<'_>> {
        self.0.iter().map(|e| key(&e.id)).collect()
    }

    /// This one and, from the other, what it lacks.
    #[must_use]
    pub fn union(mut self, other: &Self) -> Self {
        let known = self.keys();
        let more: Vec<Entry> = other.0.iter().filter(|e| !known.contains(&key(&e.id))).cloned().collect();
        self.0.extend(more);
        self
    }

    /// What is to be pruned when only `desired` shall be there. Of the services that are not `selected` (none: all
    /// are), nothing is pruned; namespaces and volume claims never are.
    #[must_use]
    pub fn obsolete(&self, desired: &Self, selected: &[String]) -> Vec<Entry> {
        let concerned = |e: &Entry| selected.is_empty() || e.service.as_ref().is_some_and(|s| selected.contains(s));
        let desired = desired.keys();
        let gone = |e: &&Entry| !desired.contains(&key(&e.id)) && concerned(e) && !keeps_data(&e.id);
        self.0.iter().filter(gone).cloned().collect()
    }
}

/// Whether it goes only when the user says so: with it goes what can't be made again.
#[must_use]
pub fn keeps_data(id: &ObjectId) -> bool {
    matches!(id.kind.as_str(), "Namespace" | "PersistentVolumeClaim" | "PersistentVolume")
}

/// The name of the ConfigMap.
fn name(project: &str) -> String {
    format!("msvc-{project}-inventory")
}

/// What was applied for the project so far; `None`: nothing ever.
///
/// # Errors
/// It can't be read, or is not what msvc wrote.
pub async fn read(cluster: &Cluster, project: &str) -> Result<Option<Inventory>> {
    let Some(map) = cluster.find::<ConfigMap>(&name(project)).await? else { return Ok(None) };
    let text = map.data.and_then(|mut d| d.remove(KEY)).unwrap_or_default();
    let entries = serde_json::from_str(&text).failed(|| format!("could not read the inventory of {project}"));
    let hint = || format!("ConfigMap {} in namespace {} holds it", name(project), cluster.namespace());
    Ok(Some(Inventory(entries.map_err(|e: Error| e.hint(hint()))?)))
}

/// Writes what is applied; the lease is held, so nobody else does. Says nothing to the server when `before`, which is
/// there, is the same.
///
/// # Errors
/// No rights; no answer.
pub async fn write(cluster: &Cluster, project: &str, inventory: &Inventory, before: Option<&Inventory>) -> Result<()> {
    if before == Some(inventory) {
        return Ok(());
    }
    let text = serde_json::to_string(&inventory.0).failed(|| "could not write down the inventory")?;
    let map = ConfigMap {
        metadata: own::metadata(name(project), project, Record::Inventory),
        data: Some([(KEY.to_owned(), text)].into()),
        ..ConfigMap::default()
    };
    if cluster.create(&map).await?.is_none() && cluster.replace(&map).await?.is_none() {
        return Err(Error::failed("the inventory was changed by someone else").hint("run the same command again"));
    }
    Ok(())
}

/// Removes it: nothing is applied any more.
///
/// # Errors
/// No rights; no answer.
pub async fn remove(cluster: &Cluster, project: &str) -> Result<()> {
    cluster.remove::<ConfigMap>(&name(project)).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(kind: &str, name: &str, service: Option<&str>) -> Entry {
        let id = ObjectId {
            group: "apps".into(),
            version: "v1".into(),
            kind: kind.into(),
            namespace: Some("shop".into()),
            name: name.into(),
        };
        Entry { id, service: service.map(str::to_owned) }
    }

    #[test]
    fn what_the_project_lost_is_obsolete_but_data_is_kept() {
        let before = Inventory(vec![
            entry("Deployment", "a", Some("a")),
            entry("Deployment", "b", Some("b")),
            entry("PersistentVolumeClaim", "data", None),
        ]);
        let desired = Inventory(vec![entry("Deployment", "a", Some("a"))]);
        assert_eq!(before.obsolete(&desired, &[]), [entry("Deployment", "b", Some("b"))]);
    }

    #[test]
    fn a_deploy_of_some_services_prunes_only_theirs() {
        let before =
            Inventory(vec![entry("Ingress", "a", Some("a")), entry("Ingress", "b", Some("b")), entry("X", "c", None)]);
        assert_eq!(before.obsolete(&Inventory::default(), &["b".to_owned()]), [entry("Ingress", "b", Some("b"))]);
    }

    #[test]
    fn another_version_of_the_api_is_the_same_object() {
        let mut newer = entry("Deployment", "a", None);
        newer.id.version = "v2".into();
        let before = Inventory(vec![entry("Deployment", "a", None)]);
        assert!(before.obsolete(&Inventory(vec![newer.clone()]), &[]).is_empty());
        assert_eq!(before.union(&Inventory(vec![newer])).0.len(), 1);
    }
}
