//! What is in the cluster of the objects that are about to be applied: where they are many of a kind, all of that kind
//! by one question.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use futures_util::future::join_all;
use serde_json::Value;

use super::client::Cluster;
use super::object::{Object, ObjectId};
use crate::error::Result;

/// From how many objects of a kind on it is listed.
const MANY: usize = 8;
/// By this label msvc's own records are left out: they are large, and never applied.
const COMPONENT: &str = "app.kubernetes.io/component";
const RECORDS: [&str; 2] = ["inventory", "release"];

/// Objects as they are in the cluster, as far as they were listed.
#[derive(Default)]
pub struct Live {
    /// By what stands for a kind; an object of any other was not asked for.
    kinds: Vec<(ObjectId, HashMap<String, Value>)>,
}

impl Live {
    /// Lists the kinds of which there are many. What may not be listed is asked for one by one.
    pub async fn list(cluster: &Cluster, objects: &[Object]) -> Self {
        let mut names: BTreeMap<ObjectId, BTreeSet<&str>> = BTreeMap::new();
        for object in objects {
            names.entry(any_of_its_kind(object.id())).or_default().insert(&object.name);
        }
        let many = names.into_iter().filter(|(_, names)| names.len() >= MANY);
        let selector = format!("{COMPONENT} notin ({})", RECORDS.join(","));
        let selector = selector.as_str();
        let listed = many.map(|(kind, names)| async move {
            let all = cluster.read_all(&kind, selector, |name| names.contains(name)).await.ok()?;
            Some((kind, all.into_iter().collect()))
        });
        Self { kinds: join_all(listed).await.into_iter().flatten().collect() }
    }

    /// What is known of an object.
    pub fn take(&mut self, object: &Object) -> Before {
        let kind = any_of_its_kind(object.id());
        let labels = object.value.pointer("/metadata/labels");
        if labels.and_then(|l| l.get(COMPONENT)?.as_str()).is_some_and(|component| RECORDS.contains(&component)) {
            return Before::Unknown;
        }
        match self.kinds.iter_mut().find(|(listed, _)| *listed == kind) {
            Some((_, listed)) => Before::Known(listed.remove(&object.name)),
            None => Before::Unknown,
        }
    }
}

/// An object before it is applied.
pub enum Before {
    /// It was so, or not there.
    Known(Option<Value>),
    /// It is to be asked for.
    Unknown,
}

impl Before {
    /// The object, if it is there.
    ///
    /// # Errors
    /// Those of [`Cluster::read`].
    pub async fn or_read(self, cluster: &Cluster, id: &ObjectId) -> Result<Option<Value>> {
        match self {
            Self::Known(known) => Ok(known),
            Self::Unknown => cluster.read(id).await,
        }
    }
}

/// What stands for all objects of a kind in a namespace.
fn any_of_its_kind(id: ObjectId) -> ObjectId {
    ObjectId { name: String::new(), ..id }
}
