//! Whether the cluster knows the kinds of the objects, and lets this user do what a deploy does.

use std::collections::{BTreeMap, BTreeSet};

use super::Finding;
use crate::kubernetes::client::{Cluster, Right};
use crate::kubernetes::inventory::Entry;
use crate::kubernetes::object::{Object, ObjectId};

/// Kinds that msvc keeps its own records in and watches: group, plural, verbs.
const OWN: [(&str, &str, &[&str]); 5] = [
    ("", "configmaps", &["get", "list", "create", "update", "delete"]),
    ("coordination.k8s.io", "leases", &["get", "create", "update"]),
    ("apps", "deployments", &["list", "watch"]),
    ("apps", "replicasets", &["list", "watch"]),
    ("", "pods", &["list", "watch"]),
];
/// What applying takes: a look at what is there, and both verbs of server-side apply.
const APPLY: [&str; 3] = ["get", "create", "patch"];
/// What making passwords of the backing takes.
const PASSWORDS: [&str; 3] = ["get", "create", "update"];

/// What a deploy needs to be allowed to do.
pub(super) struct Plan<'a> {
    /// To be applied.
    pub apply: &'a [&'a Object],
    /// To be deleted.
    pub prune: &'a [Entry],
    /// Whether the namespace must be made.
    pub namespace: bool,
    /// Whether passwords of backing services are made.
    pub passwords: bool,
}

/// The rights that a deploy takes, each once. Kinds that the cluster does not serve are told of otherwise.
pub(super) fn needed(cluster: &Cluster, plan: &Plan<'_>) -> Vec<Right> {
    let mut rights = BTreeSet::new();
    let mut add = |group: &str, resource: &str, namespace: Option<&str>, verbs: &[&'static str]| {
        rights.extend(verbs.iter().map(|verb| Right {
            group: group.to_owned(),
            resource: resource.to_owned(),
            namespace: namespace.map(str::to_owned),
            verb,
        }));
    };
    let here = cluster.namespace();
    for (group, resource, verbs) in OWN {
        add(group, resource, Some(here), verbs);
    }
    if plan.passwords {
        add("", "secrets", Some(here), &PASSWORDS);
    }
    if plan.namespace {
        add("", "namespaces", None, &["create", "patch"]);
    }
    let apply = plan.apply.iter().map(|o| (o.id(), &APPLY[..]));
    let prune = plan.prune.iter().map(|e| (e.id.clone(), &["delete"][..]));
    for (id, verbs) in apply.chain(prune) {
        if let Some((plural, namespaced)) = cluster.kind(&id) {
            let namespace = namespaced.then(|| id.namespace.as_deref().unwrap_or(here));
            add(&id.group, &plural, namespace, verbs);
        }
    }
    rights.into_iter().collect()
}

/// One finding for each kind of object.
pub(super) fn lacking(who: &str, rights: &[Right]) -> Vec<Finding> {
    let mut verbs: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for right in rights {
        verbs.entry(right.to_string()).or_default().push(right.verb);
    }
    let hint = "whoever runs the cluster can grant it: docs/deployer-role.yaml of msvc is a Role that has all of it";
    verbs.iter().map(|(what, verbs)| Finding::new(format!("{who} may not {} {what}", verbs.join(", ")), hint)).collect()
}

/// One finding for each kind that the cluster does not serve, with the versions that it serves instead.
pub(super) fn unserved(kinds: &[(ObjectId, Vec<String>)]) -> Vec<Finding> {
    let told = |(id, versions): &(ObjectId, Vec<String>)| {
        let what = format!("the cluster does not serve {} {}, which {id} is", id.api_version(), id.kind);
        let hint = if versions.is_empty() {
            format!("is the software that defines {} installed?", id.kind)
        } else {
            format!("it serves {} as {}", id.kind, versions.join(", "))
        };
        Finding::new(what, hint)
    };
    kinds.iter().map(told).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_lacking_is_told_by_kind() {
        let right = |verb, resource: &str| Right {
            group: "apps".into(),
            resource: resource.into(),
            namespace: Some("shop".into()),
            verb,
        };
        let found = lacking("ada", &[right("get", "deployments"), right("patch", "deployments")]);
        assert_eq!(found[0].what, "ada may not get, patch deployments.apps in namespace shop");
        assert_eq!(found.len(), 1);
    }

    #[test]
    fn another_version_is_named_where_there_is_one() {
        let id = ObjectId {
            group: "autoscaling".into(),
            version: "v2beta2".into(),
            kind: "HorizontalPodAutoscaler".into(),
            namespace: None,
            name: "orders".into(),
        };
        let found = unserved(&[(id, vec!["autoscaling/v2".into(), "autoscaling/v1".into()])]);
        assert_eq!(
            found,
            [Finding::new(
                "the cluster does not serve autoscaling/v2beta2 HorizontalPodAutoscaler, which \
                 HorizontalPodAutoscaler/orders is",
                "it serves HorizontalPodAutoscaler as autoscaling/v2, autoscaling/v1"
            )]
        );
    }
}
