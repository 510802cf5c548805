//! What the namespace holds of each Deployment: found once for all rollouts that are looked at.

use std::collections::HashMap;

use k8s_openapi::api::apps::v1::{Deployment, ReplicaSet};
use k8s_openapi::api::core::v1::{Event, Pod};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

use crate::kubernetes::watch::Board;

/// The namespace, by who owns what.
pub(super) struct Sight<'a> {
    deployments: HashMap<&'a str, &'a Deployment>,
    replica_sets: HashMap<&'a str, Vec<&'a ReplicaSet>>,
    pods: HashMap<&'a str, Vec<&'a Pod>>,
    events: HashMap<&'a str, Vec<&'a Event>>,
}

/// What is there of one Deployment.
pub(super) struct Part<'a> {
    pub deployment: &'a Deployment,
    pub replica_sets: Vec<&'a ReplicaSet>,
    pub pods: Vec<&'a Pod>,
    /// Those of the pods.
    pub events: Vec<&'a Event>,
}

impl<'a> Sight<'a> {
    pub fn of(board: &'a Board) -> Self {
        let deployments = board.deployments.all().filter_map(|d| Some((d.metadata.name.as_deref()?, d)));
        let mut sight = Self {
            deployments: deployments.collect(),
            replica_sets: HashMap::new(),
            pods: HashMap::new(),
            events: HashMap::new(),
        };
        for set in board.replica_sets.all() {
            owners(&set.metadata).for_each(|uid| sight.replica_sets.entry(uid).or_default().push(set));
        }
        for pod in board.pods.all() {
            owners(&pod.metadata).for_each(|uid| sight.pods.entry(uid).or_default().push(pod));
        }
        for event in board.events.all() {
            let about = event.involved_object.uid.as_deref();
            if let Some(uid) = about {
                sight.events.entry(uid).or_default().push(event);
            }
        }
        sight
    }

    pub fn part(&self, deployment: &str) -> Option<Part<'a>> {
        let deployment = *self.deployments.get(deployment)?;
        let replica_sets = below(&self.replica_sets, [&deployment.metadata]);
        let pods = below(&self.pods, replica_sets.iter().map(|set| &set.metadata));
        let events = below(&self.events, pods.iter().map(|pod| &pod.metadata));
        Some(Part { deployment, replica_sets, pods, events })
    }
}

fn owners(metadata: &ObjectMeta) -> impl Iterator<Item = &str> {
    metadata.owner_references.iter().flatten().map(|owner| owner.uid.as_str())
}

fn below<'a, 'm, K>(
    all: &HashMap<&'a str, Vec<&'a K>>,
    objects: impl IntoIterator<Item = &'m ObjectMeta>,
) -> Vec<&'a K> {
    let found = objects.into_iter().filter_map(|metadata| all.get(metadata.uid.as_deref()?));
    found.flatten().copied().collect()
}
