//! What is in the cluster of the objects that are about to be applied: where they are many of a kind, all of that kind
//! by one question. Of what stands as it should only a summary is kept, so that memory holds what is to be changed.

use std::collections::{BTreeMap, HashMap};

use futures_util::{StreamExt as _, stream};
use serde_json::Value;

use super::client::Cluster;
use super::object::{Object, ObjectId};
use super::{replicas, settled};
use crate::error::Result;

/// How many kinds are listed at once.
const AT_ONCE: usize = 2;
/// From how many objects of a kind on it is listed.
const MANY: usize = 8;
/// By this label msvc's own records are left out: they are large, and never applied.
const COMPONENT: &str = "app.kubernetes.io/component";
const RECORDS: [&str; 2] = ["inventory", "release"];

/// Objects as they are in the cluster, as far as they were listed.
#[derive(Default)]
pub struct Live {
    /// By what stands for a kind; an object of any other was not asked for.
    kinds: Vec<(ObjectId, HashMap<String, Before>)>,
}

/// An object before it is applied.
pub enum Before {
    /// It is as it should be.
    Settled(Standing),
    /// It is otherwise.
    There(Value),
    /// It is being deleted: what is applied to it now goes with it.
    Going,
    /// It is not there.
    Absent,
}

/// How an object stands.
#[derive(Debug, Clone, Copy)]
pub struct Standing {
    /// Its generation.
    pub generation: i64,
    /// Whether some of its pods, if it has such, are not available.
    pub lacking: bool,
}

impl Standing {
    /// That of an object as the cluster tells it.
    #[must_use]
    pub fn of(live: &Value) -> Self {
        let number = |pointer| live.pointer(pointer).and_then(Value::as_i64).unwrap_or(0);
        Self { generation: number("/metadata/generation"), lacking: number("/status/unavailableReplicas") > 0 }
    }
}

impl Before {
    /// What the cluster tells of an object, held against what is desired.
    fn of(desired: &Object, live: Option<Value>) -> Self {
        match live {
            None => Self::Absent,
            Some(live) if live.pointer("/metadata/deletionTimestamp").is_some() => Self::Going,
            Some(live)
                if settled::is_settled(&desired.value, &live) && replicas::to_hold(desired, Some(&live)).is_none() =>
            {
                Self::Settled(Standing::of(&live))
            }
            Some(live) => Self::There(live),
        }
    }
}

impl Live {
    /// Lists the kinds of which there are many. What may not be listed is asked for one by one.
    pub async fn list(cluster: &Cluster, objects: &[Object]) -> Self {
        let mut kinds: BTreeMap<ObjectId, HashMap<&str, &Object>> = BTreeMap::new();
        for object in objects.iter().filter(|object| !is_record(object)) {
            kinds.entry(any_of_its_kind(object.id())).or_default().insert(&object.name, object);
        }
        let many = kinds.into_iter().filter(|(_, desired)| desired.len() >= MANY);
        let selector = format!("{COMPONENT} notin ({})", RECORDS.join(","));
        let selector = selector.as_str();
        let listed = many.map(|(kind, desired)| async move {
            let mut found = HashMap::new();
            let keep = |name: &str, live: Value| {
                if let Some(desired) = desired.get(name) {
                    found.insert(name.to_owned(), Before::of(desired, Some(live)));
                }
            };
            cluster.read_all(&kind, selector, keep).await.ok()?;
            Some((kind, found))
        });
        let listed: Vec<_> = stream::iter(listed).buffered(AT_ONCE).collect().await;
        Self { kinds: listed.into_iter().flatten().collect() }
    }

    /// Takes out what was listed of an object; `None`: it is to be asked for.
    fn take(&mut self, object: &Object) -> Option<Before> {
        let kind = any_of_its_kind(object.id());
        let (_, listed) = self.kinds.iter_mut().find(|(listed, _)| *listed == kind).filter(|_| !is_record(object))?;
        Some(listed.remove(&object.name).unwrap_or(Before::Absent))
    }

    /// The object before it is applied, now or once it is awaited.
    ///
    /// # Errors
    /// Those of [`Cluster::read`].
    pub fn before<'a>(
        &mut self,
        cluster: &'a Cluster,
        object: &'a Object,
    ) -> impl Future<Output = Result<Before>> + use<'a> {
        let known = self.take(object);
        async move {
            match known {
                Some(known) => Ok(known),
                None => Ok(Before::of(object, cluster.read(&object.id()).await?)),
            }
        }
    }
}

fn is_record(object: &Object) -> bool {
    let component = object.value.pointer("/metadata/labels").and_then(|labels| labels.get(COMPONENT)?.as_str());
    component.is_some_and(|component| RECORDS.contains(&component))
}

/// What stands for all objects of a kind in a namespace.
fn any_of_its_kind(id: ObjectId) -> ObjectId {
    ObjectId { name: String::new(), ..id }
}
