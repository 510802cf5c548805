//! Applies objects wave by wave, several at once within a wave, and says what that changed. What stands as it should is
//! left alone.

use std::time::Duration;

use futures_util::{StreamExt as _, stream};
use schemars::JsonSchema;
use serde::Serialize;

use super::client::{Apply, Cluster, Conflict, Refusal};
use super::difference::Difference;
use super::live::{Before, Live, Standing};
use super::object::{Object, ObjectId};
use super::{compare, order, replicas};
use crate::error::{Error, Result};
use crate::progress::Progress;

/// How many requests run at once.
const AT_ONCE: usize = 16;

/// What was done to an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// It was not there.
    Created,
    /// It was there, and was changed.
    Configured,
    /// It was there, as it should be.
    Unchanged,
    /// The project no longer has it.
    Pruned,
}

/// An object that was applied.
#[derive(Debug, Clone)]
pub struct Applied {
    /// Which.
    pub id: ObjectId,
    /// What was done.
    pub action: Action,
    /// Its generation afterwards.
    pub generation: i64,
    /// Whether some of its pods, if it has such, are not available.
    pub lacking: bool,
    /// The fields that were changed; those of a Secret without their values.
    pub fields: Vec<Difference>,
}

/// How to apply.
#[derive(Debug, Clone, Copy)]
pub struct How {
    /// Validate on the server and change nothing.
    pub dry_run: bool,
    /// Take fields that other managers own.
    pub force: bool,
    /// How long to wait for what is being deleted, before it is made anew.
    pub patience: Duration,
}

/// Applies the objects, which are in the order of their waves.
///
/// # Errors
/// Objects that the cluster refuses, all of the first wave that has such; no rights; no answer.
pub async fn apply(cluster: &Cluster, objects: &[Object], how: How, progress: &dyn Progress) -> Result<Vec<Applied>> {
    let minimums = replicas::minimums(objects);
    let mut applied = Vec::with_capacity(objects.len());
    for wave in objects.chunk_by(|a, b| order::wave(&a.kind) == order::wave(&b.kind)) {
        let minimum = |o: &Object| if o.kind == "Deployment" { minimums.get(&o.name).copied() } else { None };
        let mut live = Live::list(cluster, wave).await;
        let work: Vec<_> = wave
            .iter()
            .map(|object| one(cluster, object, live.before(cluster, object), minimum(object), how, progress))
            .collect();
        let done: Vec<_> = stream::iter(work).buffered(AT_ONCE).collect().await;
        let (mut refused, mut fine) = (Vec::new(), Vec::new());
        for result in done {
            match result {
                Ok(one) => fine.push(one),
                Err(e) => refused.push(e),
            }
        }
        if !refused.is_empty() {
            return Err(together(refused));
        }
        applied.append(&mut fine);
    }
    Ok(applied)
}

async fn one(
    cluster: &Cluster,
    object: &Object,
    before: impl Future<Output = Result<Before>>,
    minimum: Option<i32>,
    how: How,
    progress: &dyn Progress,
) -> Result<Applied> {
    let id = object.id();
    let before = match before.await? {
        Before::Settled(standing) => return Ok(done(id, Action::Unchanged, Vec::new(), standing)),
        Before::There(live) => Some(live),
        Before::Going if !how.dry_run => {
            progress.message(&format!("waiting until {id} is gone, which is being deleted"));
            gone(cluster, &id, how.patience).await?;
            None
        }
        Before::Going | Before::Absent => None,
    };
    if let Some(pods) = replicas::to_hold(object, before.as_ref()).filter(|_| !how.dry_run) {
        replicas::hold(cluster, object, pods).await.map_err(|e| told(&id, e))?;
    }
    let applying = Apply { dry_run: how.dry_run, force: how.force, ..Apply::default() };
    let after = match cluster.apply(&id, &object.value, applying).await {
        Err(Refusal::Conflicts(conflicts)) if replicas::is_hand_back(&conflicts) => {
            cluster.apply(&id, &object.value, Apply { force: true, ..applying }).await
        }
        other => other,
    };
    let after = after.map_err(|e| told(&id, e))?;
    let fields = before.as_ref().map(|before| compare::changes(before, &after, &object.value));
    let action = match &fields {
        None => Action::Created,
        Some(fields) if fields.is_empty() => Action::Unchanged,
        Some(_) => Action::Configured,
    };
    // A new Deployment starts with the pods that its autoscaler would give it some seconds later.
    if let Some(minimum) = minimum.filter(|m| *m > 1 && action == Action::Created && !how.dry_run) {
        replicas::hold(cluster, object, minimum.into()).await.map_err(|e| told(&id, e))?;
    }
    Ok(done(id, action, fields.unwrap_or_default(), Standing::of(&after)))
}

async fn gone(cluster: &Cluster, id: &ObjectId, patience: Duration) -> Result<()> {
    tokio::time::timeout(patience, cluster.gone(id)).await.unwrap_or_else(|_| {
        let seconds = patience.as_secs();
        Err(Error::failed(format!("{id} is being deleted, and is still there after {seconds} seconds"))
            .cause("a finalizer holds it, or pods that take long to end")
            .hint("when it is gone, run the same command again: it is made anew"))
    })
}

fn done(id: ObjectId, action: Action, fields: Vec<Difference>, Standing { generation, lacking }: Standing) -> Applied {
    Applied { id, action, generation, lacking, fields }
}

fn told(id: &ObjectId, refusal: Refusal) -> Error {
    match refusal {
        Refusal::Other(error) => error,
        Refusal::Conflicts(conflicts) => conflicting(id, &conflicts),
    }
}

fn conflicting(id: &ObjectId, conflicts: &[Conflict]) -> Error {
    let error = Error::failed(format!("{id} has fields that someone else set"));
    let error = conflicts.iter().fold(error, |e, c| e.cause(format!("{} belongs to `{}`", c.field, c.manager)));
    error.hint("`--force-conflicts` takes them over; or leave them out of msvc.yaml")
}

fn together(mut errors: Vec<Error>) -> Error {
    if errors.len() == 1 {
        return errors.remove(0);
    }
    let mut all = Error::failed(format!("{} objects were refused", errors.len()));
    for error in errors {
        let causes = error.causes.join("; ");
        all = all.cause(if causes.is_empty() { error.message } else { format!("{}: {causes}", error.message) });
        for hint in error.hints {
            if !all.hints.contains(&hint) {
                all = all.hint(hint);
            }
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_conflict_names_manager_and_field() {
        let id = ObjectId {
            group: "apps".into(),
            version: "v1".into(),
            kind: "Deployment".into(),
            namespace: None,
            name: "orders".into(),
        };
        let conflict = Conflict { manager: "kubectl-edit".into(), field: ".spec.paused".into() };
        let error = conflicting(&id, &[conflict]);
        assert_eq!(error.message, "Deployment/orders has fields that someone else set");
        assert_eq!(error.causes, [".spec.paused belongs to `kubectl-edit`"]);
        assert!(error.hints[0].contains("--force-conflicts"));
    }
}
