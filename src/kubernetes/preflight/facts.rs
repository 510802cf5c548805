//! What is asked before anything is decided, all of it at once. What this user may not look at is left out.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use futures_util::future::join_all;
use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::autoscaling::v2::HorizontalPodAutoscaler;
use k8s_openapi::api::core::v1::{ConfigMap, Node, ResourceQuota, Secret};

use super::images::Known;
use super::references::{Found, Kind, wanted};
use super::rights;
use crate::kubernetes::backing::secret_plan;
use crate::kubernetes::client::{Cluster, Right};
use crate::kubernetes::deploy::Request;
use crate::kubernetes::inventory::{self, Entry, Inventory};
use crate::kubernetes::namespace;
use crate::kubernetes::object::{Object, ObjectId};
use crate::progress::Progress;
use crate::registry;

/// How long registries may take: what they say is welcome, not necessary.
const REGISTRIES: Duration = Duration::from_secs(5);

/// What is known of cluster and registries.
#[derive(Debug, Default)]
pub(super) struct Facts {
    /// Only these services; none: all.
    pub selected: Vec<String>,
    /// The namespace that all of it is asked of.
    pub namespace: String,
    /// The user, for sentences.
    pub who: String,
    /// Kinds that the cluster does not serve, with an object that is one, and the versions that it serves instead.
    pub unserved: Vec<(ObjectId, Vec<String>)>,
    /// What the user may not do.
    pub lacking: Vec<Right>,
    /// The Secrets and ConfigMaps that pods refer to, as far as they may be looked at.
    pub references: Found,
    /// The Deployments in the namespace.
    pub deployments: Vec<Deployment>,
    /// The autoscalers in the namespace.
    pub scalers: Vec<HorizontalPodAutoscaler>,
    /// The namespace's quotas.
    pub quotas: Vec<ResourceQuota>,
    /// The cluster's nodes.
    pub nodes: Vec<Node>,
    /// The images that are new.
    pub images: Vec<Known>,
    /// What goes with this deploy.
    pub prune: Vec<Entry>,
}

impl Facts {
    /// Asks.
    pub async fn gather(cluster: &Cluster, request: &Request<'_>, objects: &[Object], progress: &dyn Progress) -> Self {
        let mut facts = Self {
            selected: request.selected.to_vec(),
            who: cluster.who(),
            namespace: cluster.namespace().to_owned(),
            ..Self::default()
        };
        let concerned: Vec<&Object> = objects.iter().filter(|o| facts.concerns(o)).collect();
        let here: Vec<&Object> = concerned.iter().copied().filter(|o| facts.is_here(o)).collect();
        facts.unserved = unserved(cluster, &concerned, objects);
        let (inventory, deployments, scalers, quotas, there, references) = tokio::join!(
            inventory::read(cluster, &request.settings.project),
            cluster.list::<Deployment>(""),
            cluster.list::<HorizontalPodAutoscaler>(""),
            cluster.list::<ResourceQuota>(""),
            namespace::exists(cluster),
            references(cluster, request, &here, objects),
        );
        facts.deployments = deployments.unwrap_or_default();
        facts.scalers = scalers.unwrap_or_default();
        facts.quotas = quotas.unwrap_or_default();
        facts.references = references;
        let before = inventory.ok().flatten().unwrap_or_default();
        let desired = Inventory(concerned.iter().copied().map(Entry::from).collect());
        facts.prune = before.obsolete(&desired, request.selected);
        let plan = rights::Plan {
            apply: &concerned,
            prune: &facts.prune,
            namespace: !there,
            passwords: secret_plan(request.settings).is_some(),
        };
        let needed = rights::needed(cluster, &plan);
        let (lacking, images) =
            tokio::join!(cluster.lacking(&needed), new_images(request, &facts.deployments, progress));
        facts.lacking = lacking;
        if !images.is_empty() {
            facts.nodes = cluster.nodes().await.unwrap_or_default();
        }
        facts.images = images;
        facts
    }

    /// Whether an object is part of this deploy.
    pub fn concerns(&self, object: &Object) -> bool {
        self.selected.is_empty() || object.service.as_ref().is_none_or(|service| self.selected.contains(service))
    }

    /// Whether an object is in the namespace, and not where `manifests` say otherwise.
    pub fn is_here(&self, object: &Object) -> bool {
        object.namespace.as_ref().is_none_or(|namespace| *namespace == self.namespace)
    }

    /// Whether an autoscaler goes with this deploy.
    pub fn prunes_scaler(&self, name: &str) -> bool {
        self.prune.iter().any(|e| e.id.kind == "HorizontalPodAutoscaler" && e.id.name == name)
    }

    /// Whether pods go with this deploy.
    pub fn prunes_pods(&self) -> bool {
        let makers = ["Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob", "Pod"];
        self.prune.iter().any(|e| makers.contains(&e.id.kind.as_str()))
    }
}

/// Kinds that the cluster does not serve, each once; those that the objects define themselves come with the deploy.
fn unserved(cluster: &Cluster, concerned: &[&Object], all: &[Object]) -> Vec<(ObjectId, Vec<String>)> {
    let definitions = all.iter().filter(|o| o.kind == "CustomResourceDefinition");
    let defined: BTreeSet<&str> = definitions.filter_map(|d| d.value["spec"]["names"]["kind"].as_str()).collect();
    let mut seen = BTreeSet::new();
    let ids = concerned.iter().filter(|o| !defined.contains(o.kind.as_str())).map(|o| o.id());
    let unknown = ids.filter(|id| cluster.kind(id).is_none() && seen.insert((id.api_version(), id.kind.clone())));
    unknown.map(|id| (id.clone(), cluster.versions_of(&id))).collect()
}

/// The keys of what pods refer to. The Secret of the backing is made by the deploy itself.
async fn references(cluster: &Cluster, request: &Request<'_>, concerned: &[&Object], all: &[Object]) -> Found {
    let passwords = secret_plan(request.settings).map(|plan| plan.name);
    let names = wanted(concerned, all).into_iter().map(|w| (w.kind, w.name));
    let names: BTreeSet<(Kind, String)> = names.filter(|(_, name)| Some(name) != passwords.as_ref()).collect();
    let asked = names.into_iter().map(|(kind, name)| async move {
        let keys = match kind {
            Kind::Secret => {
                cluster.find::<Secret>(&name).await.ok()?.map(|s| s.data.unwrap_or_default().into_keys().collect())
            }
            Kind::ConfigMap => cluster.find::<ConfigMap>(&name).await.ok()?.map(|map| {
                let binary = map.binary_data.unwrap_or_default().into_keys();
                map.data.unwrap_or_default().into_keys().chain(binary).collect()
            }),
        };
        Some(((kind, name), keys))
    });
    join_all(asked).await.into_iter().flatten().collect()
}

/// What registries say of the images that do not run yet. One that can't be asked from here may still serve the nodes.
async fn new_images(request: &Request<'_>, live: &[Deployment], progress: &dyn Progress) -> Vec<Known> {
    let runs = |image: &str| {
        let specs = live.iter().filter_map(|d| d.spec.as_ref()?.template.spec.as_ref());
        specs.flat_map(|s| &s.containers).any(|c| c.image.as_deref() == Some(image))
    };
    let selected = |service: &String| request.selected.is_empty() || request.selected.contains(service);
    let new = request.images.0.iter().filter(|(service, image)| selected(service) && !runs(image));
    // Services may share an image; the first of them stands for all.
    let mut services: BTreeMap<&String, &String> = BTreeMap::new();
    for (service, reference) in new {
        services.entry(reference).or_insert(service);
    }
    let asked = services.into_iter().map(|(reference, service)| async move {
        match tokio::time::timeout(REGISTRIES, registry::processors_of(reference)).await {
            Ok(Ok(processors)) => Some(Known { service: service.clone(), reference: reference.clone(), processors }),
            Ok(Err(e)) => {
                progress.detail(&format!("could not look at the image {reference}: {}", e.message));
                None
            }
            Err(_) => {
                progress.detail(&format!("the registry of {reference} does not answer"));
                None
            }
        }
    });
    join_all(asked).await.into_iter().flatten().collect()
}
