//! Pods that are stuck since an earlier deploy get another try at once: what they lacked may be there now, while the
//! cluster would wait up to five minutes, and what they tell of is past.

use futures_util::future::join_all;
use jiff::Timestamp;
use k8s_openapi::api::apps::v1::{Deployment, ReplicaSet};
use k8s_openapi::api::core::v1::{Event, Pod};

use super::client::Cluster;
use super::verdict::{Look, stuck_pods};
use crate::error::Result;
use crate::progress::Progress;

/// Deletes the stuck pods of these Deployments, which serve nobody; others are made in their place.
///
/// # Errors
/// The namespace can't be looked at. Pods that may not be deleted are left to the cluster.
pub async fn stuck(cluster: &Cluster, deployments: &[&str], progress: &dyn Progress) -> Result<()> {
    if deployments.is_empty() {
        return Ok(());
    }
    let (all, sets, pods, events) = tokio::try_join!(
        cluster.list::<Deployment>(""),
        cluster.list::<ReplicaSet>(""),
        cluster.list::<Pod>(""),
        cluster.list::<Event>("")
    )?;
    let ours = all.iter().filter(|d| d.metadata.name.as_deref().is_some_and(|name| deployments.contains(&name)));
    let look = |deployment| Look {
        deployment,
        generation: 0,
        replica_sets: sets.iter().collect(),
        pods: pods.iter().collect(),
        events: events.iter().collect(),
        minimum: 0,
        since: Timestamp::UNIX_EPOCH,
        needs_up: Some(Timestamp::UNIX_EPOCH),
        now: Timestamp::now(),
    };
    let names: Vec<String> = ours.flat_map(|d| stuck_pods(&look(d))).collect();
    for (name, deleted) in names.iter().zip(join_all(names.iter().map(|n| cluster.remove::<Pod>(n))).await) {
        match deleted {
            Ok(()) => progress.detail(&format!("pod {name} was stuck and is made anew")),
            Err(e) => progress.detail(&e.message),
        }
    }
    Ok(())
}
