//! A dry run: the server validates, and nothing is changed.

use super::Request;
use super::report::{Deployed, report};
use crate::error::Result;
use crate::kubernetes::apply::{Action, Applied, How, apply};
use crate::kubernetes::backing::secret_plan;
use crate::kubernetes::client::Cluster;
use crate::kubernetes::inventory::{self, Inventory};
use crate::kubernetes::object::Object;
use crate::kubernetes::{namespace, plan, release};
use crate::progress::Progress;

/// What a deploy would do, as far as the server can tell without doing it.
pub(super) async fn rehearse(
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
        let plan = plan::plan(objects, backing.as_ref(), cluster.namespace(), &none, None, request.selected)?;
        let created = |o: &Object| Applied {
            id: o.id(),
            action: Action::Created,
            generation: 0,
            lacking: false,
            fields: Vec::new(),
        };
        let applied: Vec<Applied> = plan.apply.iter().map(created).collect();
        return Ok(report(request, &plan, &applied, &[]));
    }
    let before = inventory::read(cluster, project).await?.unwrap_or_default();
    let releases = release::list(cluster, project).await?;
    let (backing, newest) = (backing.as_ref(), releases.first());
    let plan = plan::plan(objects, backing, cluster.namespace(), &before, newest, request.selected)?;
    let how = How { dry_run: true, force: request.force, patience: request.timeout };
    let applied = apply(cluster, &plan.apply, how, progress).await?;
    Ok(report(request, &plan, &applied, &[]))
}
