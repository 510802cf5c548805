//! A deploy from beginning to end: lease, inventory, apply, prune, wait, record. Killed anywhere, the same command run
//! again converges: the inventory names all that may be there before anything is.

mod rehearsal;
mod report;
mod rollback;
mod stages;
mod work;

use std::time::Duration;

use jiff::Timestamp;

pub use report::{Changed, Deployed, Judged};

use super::client::Cluster;
use super::object::Object;
use super::preflight::{self, Finding};
use super::{Images, lease, namespace, render, warnings};
use crate::error::Result;
use crate::progress::Progress;
use crate::project::Settings;
use work::Work;

/// What is to be deployed.
#[derive(Debug, Clone)]
pub struct Request<'a> {
    /// The project in its environment, with all its services.
    pub settings: &'a Settings,
    /// The image of every service.
    pub images: &'a Images,
    /// Only these services; none: all.
    pub selected: &'a [String],
    /// The commit that it is made from, as git describes it.
    pub commit: Option<String>,
    /// Who deploys, as their machine knows them.
    pub user: String,
    /// Validate on the server and change nothing.
    pub dry_run: bool,
    /// Take fields that other managers own.
    pub force: bool,
    /// Where it fails, go back to the last revision that came to run.
    pub rollback_on_failure: bool,
    /// How long to wait for the rollouts.
    pub timeout: Duration,
    /// What is known already to keep it from working, to be told with what else is found before anything is changed;
    /// `None`: nothing is looked for.
    pub preflight: Option<Vec<Finding>>,
}

/// Deploys.
///
/// # Errors
/// The project can't be rendered (exit code 2); the cluster can't be reached or refuses; a rollout failed, with its
/// reason and evidence.
pub async fn deploy(request: &Request<'_>, progress: &dyn Progress) -> Result<Deployed> {
    let settings = request.settings;
    let objects = render(settings, request.images)?;
    for line in warnings::warnings(settings) {
        progress.warning(&line);
    }
    let cluster = Cluster::connect(settings.context.as_deref(), &settings.namespace).await?;
    carry_out(&cluster, request, objects, progress).await
}

/// Deploys these objects, however they came about.
pub(super) async fn carry_out(
    cluster: &Cluster,
    request: &Request<'_>,
    objects: Vec<Object>,
    progress: &dyn Progress,
) -> Result<Deployed> {
    let settings = request.settings;
    if let Some(known) = &request.preflight {
        preflight::check(cluster, request, &objects, known, progress).await?;
    }
    if request.dry_run {
        return rehearsal::rehearse(cluster, request, objects, progress).await;
    }
    namespace::ensure(cluster, &settings.project, progress).await?;
    let who = match cluster.user().await {
        Some(known) => format!("{} ({known})", request.user),
        None => request.user.clone(),
    };
    let held = lease::take(cluster, &settings.project, &who, progress).await?;
    let work = Work { cluster, request, who, since: Timestamp::now(), progress };
    let result = tokio::select! {
        result = work.run_or_go_back(objects) => result,
        lost = held.lost() => return Err(lost),
    };
    held.give_back().await;
    result
}
