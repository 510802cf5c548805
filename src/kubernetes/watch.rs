//! What is in the namespace now, kept up to date by watches: all that verdicts look at.

use std::collections::HashMap;
use std::pin::Pin;

use futures_util::stream::{SelectAll, select_all};
use futures_util::{Stream, StreamExt as _};
use k8s_openapi::api::apps::v1::{Deployment, ReplicaSet};
use k8s_openapi::api::core::v1::{Event, Pod};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

use super::client::{Change, Cluster, Kind};
use crate::error::Error;

/// The namespace as it is seen.
#[derive(Default)]
pub struct Board {
    /// The Deployments.
    pub deployments: Shelf<Deployment>,
    /// The `ReplicaSet`s.
    pub replica_sets: Shelf<ReplicaSet>,
    /// The pods.
    pub pods: Shelf<Pod>,
    /// The events.
    pub events: Shelf<Event>,
}

/// All objects of a kind.
pub struct Shelf<K> {
    objects: HashMap<String, K>,
    listing: Option<HashMap<String, K>>,
    complete: bool,
}

/// Something that changed, or could not be watched.
pub enum News {
    /// A Deployment.
    Deployment(Change<Deployment>),
    /// A ReplicaSet.
    ReplicaSet(Change<ReplicaSet>),
    /// A pod.
    Pod(Change<Pod>),
    /// An event.
    Event(Change<Event>),
    /// The watch of a kind does not work just now.
    Trouble(&'static str, Error),
}

/// News, as they come.
pub type Stand = SelectAll<Pin<Box<dyn Stream<Item = News> + Send>>>;

/// Watches a namespace.
pub fn watch(cluster: &Cluster) -> Stand {
    fn of<K: Kind>(
        cluster: &Cluster,
        kind: &'static str,
        news: fn(Change<K>) -> News,
    ) -> Pin<Box<dyn Stream<Item = News> + Send>> {
        let told = cluster.watch::<K>("").map(move |change| match change {
            Ok(change) => news(change),
            Err(e) => News::Trouble(kind, e),
        });
        Box::pin(told)
    }
    select_all([
        of(cluster, "Deployment", News::Deployment),
        of(cluster, "ReplicaSet", News::ReplicaSet),
        of(cluster, "Pod", News::Pod),
        of(cluster, "Event", News::Event),
    ])
}

impl Board {
    /// Takes the news in; returns what is in the way of watching, if that is the news.
    pub fn take(&mut self, news: News) -> Option<Error> {
        match news {
            News::Deployment(change) => self.deployments.take(change),
            News::ReplicaSet(change) => self.replica_sets.take(change),
            News::Pod(change) => self.pods.take(change),
            News::Event(change) => self.events.take(change),
            News::Trouble("Event", e) => {
                // Without events the reasons are poorer, but the verdicts stand.
                self.events.complete = true;
                return Some(e);
            }
            News::Trouble(_, e) => return Some(e),
        }
        None
    }

    /// Whether all that is there was told at least once.
    #[must_use]
    pub fn complete(&self) -> bool {
        self.deployments.complete && self.replica_sets.complete && self.pods.complete && self.events.complete
    }
}

impl<K> Default for Shelf<K> {
    fn default() -> Self {
        Self { objects: HashMap::new(), listing: None, complete: false }
    }
}

impl<K: Kind> Shelf<K> {
    /// The objects, in no order.
    pub fn all(&self) -> impl Iterator<Item = &K> {
        self.objects.values()
    }

    fn take(&mut self, change: Change<K>) {
        match change {
            Change::Relisting => self.listing = Some(HashMap::new()),
            Change::Is(object) => {
                let uid = uid(object.meta());
                self.listing.as_mut().unwrap_or(&mut self.objects).insert(uid, object);
            }
            Change::Gone(object) => {
                self.objects.remove(&uid(object.meta()));
            }
            Change::Listed => {
                self.complete = true;
                if let Some(listed) = self.listing.take() {
                    self.objects = listed;
                }
            }
        }
    }
}

fn uid(metadata: &ObjectMeta) -> String {
    metadata.uid.clone().unwrap_or_default()
}
