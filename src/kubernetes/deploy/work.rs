//! The part of a deploy that is done under its lease.

use std::collections::BTreeMap;
use std::time::Instant;

use futures_util::{StreamExt as _, stream};
use jiff::Timestamp;

use super::Request;
use super::report::{Deployed, report};
use super::stages::{stages, waiting};
use crate::error::{Error, Result};
use crate::kubernetes::apply::{self, Action, How, apply};
use crate::kubernetes::backing::{SecretPlan, secret_plan};
use crate::kubernetes::client::Cluster;
use crate::kubernetes::inventory::{self, Inventory};
use crate::kubernetes::object::Object;
use crate::kubernetes::plan::{self, Plan};
use crate::kubernetes::release::{self, Release, Status};
use crate::kubernetes::rollout::{self, Ended, Target};
use crate::kubernetes::verdict::Verdict;
use crate::kubernetes::{evidence, reach, replicas, retry, secret};
use crate::progress::Progress;

/// A deploy under its lease.
pub(super) struct Work<'a> {
    pub cluster: &'a Cluster,
    pub request: &'a Request<'a>,
    pub who: String,
    pub since: Timestamp,
    pub progress: &'a dyn Progress,
}

/// What became of a plan.
#[derive(Default)]
struct Applied {
    changes: Vec<apply::Applied>,
    ended: Vec<Ended>,
    /// The services that were left as they are, since others failed.
    left: Vec<String>,
}

impl Work<'_> {
    /// Applies, prunes, waits, and keeps the records.
    pub async fn run(&self, objects: Vec<Object>) -> Result<Deployed> {
        let project = self.request.settings.project.as_str();
        let backing = secret_plan(self.request.settings);
        let known = inventory::read(self.cluster, project).await?;
        let releases = release::list(self.cluster, project).await?;
        let before = known.clone().unwrap_or_default();
        reach::warn(self.cluster, self.request.settings, self.progress).await;
        let mut plan = self.plan(objects, backing.as_ref(), &before, &releases)?;
        inventory::write(self.cluster, project, &plan.during, known.as_ref()).await?;
        if let Some(backing) = &backing {
            secret::ensure(self.cluster, project, backing).await?;
        }
        let mut record = self.begin(&plan, &releases).await?;
        let objects = std::mem::take(&mut plan.apply);
        let Applied { changes, ended, left } = self.apply(objects, &plan).await?;
        self.end(&mut record, &ended, &releases).await?;
        if record.status == Status::Failed {
            return Err(self.failure(plan.revision, &ended, &left, &releases).await);
        }
        Ok(report(self.request, &plan, &changes, &ended))
    }

    /// Applies stage by stage, each when the one before it runs, prunes when all is applied, and waits. Where services
    /// fail, those of later stages are left as they are.
    async fn apply(&self, objects: Vec<Object>, plan: &Plan) -> Result<Applied> {
        let project = self.request.settings.project.as_str();
        let mut stages = stages(self.request.settings, objects).into_iter();
        let (mut all, mut limit) = (Applied::default(), self.request.timeout);
        while let Some(stage) = stages.next() {
            let task = self.progress.task(&format!("applying {} objects", stage.len()));
            let begun = Instant::now();
            let how = How { dry_run: false, force: self.request.force, patience: limit };
            let applied = apply(self.cluster, &stage, how, self.progress).await?;
            drop(task);
            self.progress.detail(&format!("applied {} objects in {:.2} s", stage.len(), begun.elapsed().as_secs_f32()));
            if stages.len() == 0 {
                prune(self.cluster, plan).await?;
                inventory::write(self.cluster, project, &plan.after, Some(&plan.during)).await?;
            }
            let stuck =
                applied.iter().filter(|a| a.lacking && a.action == Action::Unchanged && a.id.kind == "Deployment");
            let stuck: Vec<&str> = stuck.map(|a| a.id.name.as_str()).collect();
            retry::stuck(self.cluster, &stuck, self.progress).await?;
            let targets = self.targets(&stage, &applied);
            // They may be large, and nobody needs them while pods start.
            drop(stage);
            let begun = Instant::now();
            all.ended.extend(rollout::wait(self.cluster, &targets, self.since, limit, self.progress).await?);
            limit = limit.saturating_sub(begun.elapsed());
            all.changes.extend(applied);
            if all.ended.iter().any(|e| !matches!(e.verdict, Verdict::Done { .. })) {
                all.left = stages.flatten().filter(|o| o.kind == "Deployment").filter_map(|o| o.service).collect();
                return Ok(all);
            }
        }
        Ok(all)
    }

    fn plan(
        &self,
        objects: Vec<Object>,
        backing: Option<&SecretPlan>,
        before: &Inventory,
        releases: &[Release],
    ) -> Result<Plan> {
        plan::plan(objects, backing, self.cluster.namespace(), before, releases.first(), self.request.selected)
    }

    /// Writes the record, before anything is applied. Where nothing is new, the record of before stands.
    async fn begin(&self, plan: &Plan, releases: &[Release]) -> Result<Release> {
        if let Some(same) = releases.iter().find(|r| r.revision == plan.revision) {
            return Ok(same.clone());
        }
        let record = Release {
            revision: plan.revision,
            status: Status::Pending,
            images: self.images(releases.first()),
            commit: self.request.commit.clone(),
            who: self.who.clone(),
            when: self.since,
            objects: plan.whole.clone(),
        };
        release::write(self.cluster, &self.request.settings.project, &record, releases).await?;
        Ok(record)
    }

    /// The image of every service: those that are not selected keep theirs.
    fn images(&self, newest: Option<&Release>) -> BTreeMap<String, String> {
        let (mut images, selected) = (self.request.images.0.clone(), self.request.selected);
        if !selected.is_empty() {
            images.retain(|service, _| selected.contains(service));
            for (service, image) in newest.iter().flat_map(|r| &r.images) {
                images.entry(service.clone()).or_insert_with(|| image.clone());
            }
        }
        images
    }

    /// What is waited for: the project's own Deployments.
    fn targets(&self, objects: &[Object], applied: &[apply::Applied]) -> Vec<Target> {
        let minimums = replicas::minimums(objects);
        let target = |(object, applied): (&Object, &apply::Applied)| Target {
            name: object.name.clone(),
            service: object.service.clone(),
            generation: applied.generation,
            minimum: minimums.get(&object.name).copied().unwrap_or(0),
        };
        let here = |o: &Object| o.namespace.as_deref().is_none_or(|n| n == self.cluster.namespace());
        objects.iter().zip(applied).filter(|(o, _)| o.kind == "Deployment" && here(o)).map(target).collect()
    }

    async fn end(&self, record: &mut Release, ended: &[Ended], releases: &[Release]) -> Result<()> {
        let failed = ended.iter().any(|e| !matches!(e.verdict, Verdict::Done { .. }));
        let status = if failed { Status::Failed } else { Status::Deployed };
        if record.status != status {
            record.status = status;
            release::write(self.cluster, &self.request.settings.project, record, releases).await?;
        }
        Ok(())
    }

    async fn failure(&self, revision: u32, ended: &[Ended], left: &[String], releases: &[Release]) -> Error {
        let environment = self.request.settings.environment.as_deref().unwrap_or(self.cluster.namespace());
        let good = plan::last_good(releases).filter(|good| good.revision != revision);
        let good = good.filter(|_| !self.request.rollback_on_failure);
        let standing = good.map(|g| {
            format!("the pods of revision {} keep serving; mend it and deploy again, or `msvc rollback`", g.revision)
        });
        let what = format!("the deploy to {environment}");
        let error = evidence::failure(self.cluster, ended, &what, standing.as_deref()).await;
        let failed = ended.iter().filter(|e| matches!(e.verdict, Verdict::Failed(_)));
        let failed: Vec<&str> = failed.filter_map(|e| e.target.service.as_deref()).collect();
        let left: Vec<&str> = left.iter().map(String::as_str).collect();
        waiting(self.request.settings, &failed, &left).into_iter().fold(error, Error::cause)
    }
}

/// Deletes what the project no longer has. Others may have done so already.
async fn prune(cluster: &Cluster, plan: &Plan) -> Result<()> {
    let work = plan.prune.iter().map(|entry| cluster.delete(&entry.id));
    let done: Vec<Result<bool>> = stream::iter(work).buffer_unordered(8).collect().await;
    done.into_iter().try_for_each(|one| one.map(|_| ()))
}
