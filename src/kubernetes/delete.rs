//! Takes a project out of its namespace: exactly what the inventory names, then msvc's own records.

use std::time::Duration;

use futures_util::future::try_join_all;
use schemars::JsonSchema;
use serde::Serialize;

use super::client::Cluster;
use super::inventory::{self, Entry, Inventory, keeps_data};
use super::{lease, namespace, order, release};
use crate::error::{Error, Result};
use crate::progress::Progress;
use crate::project::Settings;

/// How to delete.
#[derive(Debug, Clone)]
pub struct Request<'a> {
    /// The project in its environment.
    pub settings: &'a Settings,
    /// Who deletes, as their machine knows them.
    pub user: String,
    /// Delete volume claims too, and the namespace if msvc made it.
    pub prune_data: bool,
    /// How long to wait until everything is gone.
    pub timeout: Duration,
}

/// What was deleted.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Deleted {
    /// Version of this document: `msvc/v1`.
    pub api_version: &'static str,
    /// `Delete`.
    pub kind: &'static str,
    /// The environment; `null` where the project declares none.
    pub environment: Option<String>,
    /// What is gone: `Deployment/orders`.
    pub deleted: Vec<String>,
    /// What holds data and was kept.
    pub kept: Vec<String>,
}

/// All that was applied; `None`: nothing ever.
///
/// # Errors
/// The cluster can't be reached, or does not let this user look.
pub async fn find(settings: &Settings) -> Result<Option<Inventory>> {
    let cluster = Cluster::connect(settings.context.as_deref(), &settings.namespace).await?;
    inventory::read(&cluster, &settings.project).await
}

/// Deletes what the inventory names, and waits until it is gone.
///
/// # Errors
/// No rights; no answer; something does not go in time. The same command run again continues.
pub async fn delete(request: &Request<'_>, progress: &dyn Progress) -> Result<Deleted> {
    let (settings, project) = (request.settings, request.settings.project.as_str());
    let cluster = &Cluster::connect(settings.context.as_deref(), &settings.namespace).await?;
    let held = lease::take(cluster, project, &request.user, progress).await?;
    let result = tokio::select! {
        result = run(cluster, request, progress) => result,
        lost = held.lost() => return Err(lost),
    };
    let mut deleted = match result {
        Ok(deleted) => deleted,
        Err(e) => {
            held.give_back().await;
            return Err(e);
        }
    };
    held.remove().await?;
    if request.prune_data {
        with_namespace(cluster, project, &mut deleted, progress).await?;
    }
    Ok(deleted)
}

async fn run(cluster: &Cluster, request: &Request<'_>, progress: &dyn Progress) -> Result<Deleted> {
    let project = request.settings.project.as_str();
    // Read again under the lease: a deploy may have ended in between.
    let known = inventory::read(cluster, project).await?.unwrap_or_default();
    let (going, kept): (Vec<Entry>, Vec<Entry>) =
        known.0.iter().cloned().partition(|e| request.prune_data || !keeps_data(&e.id));
    let task = progress.task(&format!("deleting {} objects", going.len()));
    let work = in_waves(cluster, &going);
    match tokio::time::timeout(request.timeout, work).await {
        Ok(done) => done?,
        Err(_) => return Err(too_late(request.timeout)),
    }
    task.done("");
    release::remove_all(cluster, project).await?;
    if kept.is_empty() {
        inventory::remove(cluster, project).await?;
    } else {
        inventory::write(cluster, project, &Inventory(kept.clone()), Some(&known)).await?;
    }
    let names = |entries: &[Entry]| entries.iter().map(|e| e.id.to_string()).collect();
    Ok(Deleted {
        api_version: crate::project::API_VERSION,
        kind: "Delete",
        environment: request.settings.environment.clone(),
        deleted: names(&going),
        kept: names(&kept),
    })
}

/// In the opposite order of applying: what leads traffic goes first, what pods read goes when they are gone.
async fn in_waves(cluster: &Cluster, going: &[Entry]) -> Result<()> {
    let mut going = going.to_vec();
    going.sort_by_key(|e| std::cmp::Reverse(order::wave(&e.id.kind)));
    for wave in going.chunk_by(|a, b| order::wave(&a.id.kind) == order::wave(&b.id.kind)) {
        try_join_all(wave.iter().map(|e| cluster.delete(&e.id))).await?;
        try_join_all(wave.iter().map(|e| cluster.gone(&e.id))).await?;
    }
    Ok(())
}

async fn with_namespace(
    cluster: &Cluster,
    project: &str,
    deleted: &mut Deleted,
    progress: &dyn Progress,
) -> Result<()> {
    let id = namespace::id(cluster.namespace());
    if let Some(why) = namespace::reason_to_stay(cluster, project).await? {
        progress.message(&format!("namespace {} is kept: {why}", cluster.namespace()));
        deleted.kept.push(id.to_string());
        return Ok(());
    }
    let task = progress.task(&format!("deleting namespace {}", cluster.namespace()));
    cluster.delete(&id).await?;
    cluster.gone(&id).await?;
    task.done("");
    deleted.deleted.push(id.to_string());
    Ok(())
}

fn too_late(after: Duration) -> Error {
    Error::failed(format!("not everything is gone after {} seconds", after.as_secs()))
        .cause("a finalizer, or pods that take long to end, may hold it")
        .hint("run the same command again: it continues")
}
