//! A deploy from beginning to end: lease, inventory, apply, prune, wait, record. Killed anywhere, the same command run
//! again converges: the inventory names all that may be there before anything is.

use std::time::Duration;

use futures_util::{StreamExt as _, stream};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

use super::apply::{Action, Applied, How, apply};
use super::backing::{SecretPlan, secret_plan};
use super::client::Cluster;
use super::inventory::{self, Inventory};
use super::object::Object;
use super::plan::{self, Plan};
use super::release::{self, Release, Status};
use super::rollout::{self, Ended, Target};
use super::verdict::Verdict;
use super::{Images, evidence, lease, namespace, reach, render, replicas, retry, secret, warnings};
use crate::error::{Error, Result};
use crate::progress::Progress;
use crate::project::Settings;

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
    /// How long to wait for the rollouts.
    pub timeout: Duration,
}

/// What a deploy did.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Deployed {
    /// Version of this document: `msvc/v1`.
    pub api_version: &'static str,
    /// `Deploy`.
    pub kind: &'static str,
    /// The environment; `null` where the project declares none.
    pub environment: Option<String>,
    /// The number of the deploy.
    pub revision: u32,
    /// Whether nothing was changed: only looked.
    pub dry_run: bool,
    /// What was done to each object.
    pub changes: Vec<Changed>,
    /// How each service came up.
    pub services: Vec<Judged>,
}

/// What was done to an object.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Changed {
    /// `Deployment/orders`.
    pub object: String,
    /// What was done.
    pub action: Action,
}

/// How a service came up.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Judged {
    /// The service; for backing, its Deployment.
    pub name: String,
    /// `done`, `failed`, or `waiting` where others failed first.
    pub verdict: &'static str,
    /// Why, where it is not done.
    pub reason: Option<String>,
    /// Seconds until the verdict.
    pub seconds: f64,
}

impl Deployed {
    /// Whether anything was changed, or with a dry run would be.
    #[must_use]
    pub fn changed(&self) -> bool {
        self.changes.iter().any(|c| c.action != Action::Unchanged)
    }
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
    if request.dry_run {
        return rehearse(cluster, request, objects, progress).await;
    }
    namespace::ensure(cluster, &settings.project, progress).await?;
    let who = match cluster.user().await {
        Some(known) => format!("{} ({known})", request.user),
        None => request.user.clone(),
    };
    let held = lease::take(cluster, &settings.project, &who, progress).await?;
    let work = Work { cluster, request, who, since: Timestamp::now(), progress };
    let result = tokio::select! {
        result = work.run(objects) => result,
        lost = held.lost() => return Err(lost),
    };
    held.give_back().await;
    result
}

/// A deploy under its lease.
struct Work<'a> {
    cluster: &'a Cluster,
    request: &'a Request<'a>,
    who: String,
    since: Timestamp,
    progress: &'a dyn Progress,
}

impl Work<'_> {
    async fn run(&self, objects: Vec<Object>) -> Result<Deployed> {
        let project = self.request.settings.project.as_str();
        let backing = secret_plan(self.request.settings);
        let known = inventory::read(self.cluster, project).await?;
        let releases = release::list(self.cluster, project).await?;
        let before = known.clone().unwrap_or_default();
        reach::warn(self.cluster, self.request.settings, self.progress).await;
        let plan = self.plan(objects, backing.as_ref(), &before, &releases);
        inventory::write(self.cluster, project, &plan.during, known.as_ref()).await?;
        if let Some(backing) = &backing {
            secret::ensure(self.cluster, project, backing).await?;
        }
        let mut record = self.begin(&plan, &releases).await?;
        let task = self.progress.task(&format!("applying {} objects", plan.apply.len()));
        let applied = apply(self.cluster, &plan.apply, How { dry_run: false, force: self.request.force }).await?;
        drop(task);
        prune(self.cluster, &plan).await?;
        inventory::write(self.cluster, project, &plan.after, Some(&plan.during)).await?;
        let stuck = applied.iter().filter(|a| a.lacking && a.action == Action::Unchanged && a.id.kind == "Deployment");
        let stuck: Vec<&str> = stuck.map(|a| a.id.name.as_str()).collect();
        retry::stuck(self.cluster, &stuck, self.progress).await?;
        let ended = self.wait(&plan, &applied).await?;
        self.end(&mut record, &ended, &releases).await?;
        if record.status == Status::Failed {
            return Err(self.failure(&ended, &releases).await);
        }
        Ok(report(self.request, &plan, &applied, &ended))
    }

    fn plan(
        &self,
        objects: Vec<Object>,
        backing: Option<&SecretPlan>,
        before: &Inventory,
        releases: &[Release],
    ) -> Plan {
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
            images: self.request.images.0.clone(),
            commit: self.request.commit.clone(),
            who: self.who.clone(),
            when: self.since,
            objects: plan.whole.clone(),
        };
        release::write(self.cluster, &self.request.settings.project, &record, releases).await?;
        Ok(record)
    }

    async fn wait(&self, plan: &Plan, applied: &[Applied]) -> Result<Vec<Ended>> {
        let minimums = replicas::minimums(&plan.apply);
        let target = |(object, applied): (&Object, &Applied)| Target {
            name: object.name.clone(),
            service: object.service.clone(),
            generation: applied.generation,
            minimum: minimums.get(&object.name).copied().unwrap_or(0),
        };
        let pairs = plan.apply.iter().zip(applied).filter(|(object, _)| object.kind == "Deployment");
        let targets: Vec<Target> = pairs.map(target).collect();
        rollout::wait(self.cluster, &targets, self.since, self.request.timeout, self.progress).await
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

    async fn failure(&self, ended: &[Ended], releases: &[Release]) -> Error {
        let environment = self.request.settings.environment.as_deref().unwrap_or(self.cluster.namespace());
        let good = plan::last_good(releases);
        let standing = good.map(|g| format!("the pods of revision {} keep serving meanwhile", g.revision));
        evidence::failure(self.cluster, ended, &format!("the deploy to {environment}"), standing.as_deref()).await
    }
}

/// Deletes what the project no longer has. Others may have done so already.
async fn prune(cluster: &Cluster, plan: &Plan) -> Result<()> {
    let work = plan.prune.iter().map(|entry| cluster.delete(&entry.id));
    let done: Vec<Result<bool>> = stream::iter(work).buffer_unordered(8).collect().await;
    done.into_iter().try_for_each(|one| one.map(|_| ()))
}

/// What a deploy would do, as far as the server can tell without doing it.
async fn rehearse(
    cluster: &Cluster,
    request: &Request<'_>,
    objects: Vec<Object>,
    progress: &dyn Progress,
) -> Result<Deployed> {
    let project = request.settings.project.as_str();
    let backing = secret_plan(request.settings);
    if !namespace::exists(cluster).await {
        progress.warning(&format!(
            "namespace {} does not exist yet, so the server can't check the objects",
            cluster.namespace()
        ));
        let none = Inventory::default();
        let plan = plan::plan(objects, backing.as_ref(), cluster.namespace(), &none, None, request.selected);
        let created = |o: &Object| Applied { id: o.id(), action: Action::Created, generation: 0, lacking: false };
        let applied: Vec<Applied> = plan.apply.iter().map(created).collect();
        return Ok(report(request, &plan, &applied, &[]));
    }
    let before = inventory::read(cluster, project).await?.unwrap_or_default();
    let releases = release::list(cluster, project).await?;
    let (backing, newest) = (backing.as_ref(), releases.first());
    let plan = plan::plan(objects, backing, cluster.namespace(), &before, newest, request.selected);
    let applied = apply(cluster, &plan.apply, How { dry_run: true, force: request.force }).await?;
    Ok(report(request, &plan, &applied, &[]))
}

fn report(request: &Request<'_>, plan: &Plan, applied: &[Applied], ended: &[Ended]) -> Deployed {
    let mut changes: Vec<Changed> =
        applied.iter().map(|a| Changed { object: a.id.to_string(), action: a.action }).collect();
    changes.extend(plan.prune.iter().map(|e| Changed { object: e.id.to_string(), action: Action::Pruned }));
    Deployed {
        api_version: crate::project::API_VERSION,
        kind: "Deploy",
        environment: request.settings.environment.clone(),
        revision: plan.revision,
        dry_run: request.dry_run,
        changes,
        services: ended.iter().map(judged).collect(),
    }
}

fn judged(ended: &Ended) -> Judged {
    let (verdict, reason) = match &ended.verdict {
        Verdict::Done { .. } => ("done", None),
        Verdict::Waiting { text, .. } => ("waiting", Some(text.clone())),
        Verdict::Failed(problem) => ("failed", Some(problem.sentence())),
    };
    Judged { name: ended.target.name.clone(), verdict, reason, seconds: ended.seconds }
}
