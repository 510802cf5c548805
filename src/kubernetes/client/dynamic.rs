//! Objects of any kind, as JSON: read, server-side apply, delete.

use kube::Api;
use kube::api::{
    DeleteParams, DynamicObject, GroupVersionKind, ListParams, Patch, PatchParams, PropagationPolicy, TypeMeta,
};
use kube::discovery::Scope;
use kube::runtime::wait::{await_condition, conditions::is_deleted};
use serde_json::Value;

use super::{ANSWER, Cluster, again, fault};
use crate::error::{Context as _, Error, Result};
use crate::kubernetes::object::ObjectId;

/// The field manager by which all that msvc applies is known.
pub const MANAGER: &str = "msvc";

/// How many objects the server tells at once: each takes some 100 KB while it is read.
const PAGE: u32 = 50;

/// How often a watch that breaks is begun anew.
const WATCHES: usize = 5;

/// How to apply.
#[derive(Debug, Clone, Copy)]
pub struct Apply<'a> {
    /// Validate on the server and change nothing.
    pub dry_run: bool,
    /// Take fields that another manager owns.
    pub force: bool,
    /// Who owns the fields afterwards.
    pub manager: &'a str,
}

impl Default for Apply<'_> {
    fn default() -> Self {
        Self { dry_run: false, force: false, manager: MANAGER }
    }
}

/// A field that another manager owns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// The other manager, for example `kubectl-edit`.
    pub manager: String,
    /// The field, for example `.spec.replicas`.
    pub field: String,
}

/// Why an object was not applied.
#[derive(Debug)]
pub enum Refusal {
    /// Other managers own fields of it.
    Conflicts(Vec<Conflict>),
    /// Anything else.
    Other(Error),
}

impl Cluster {
    /// The object, if it is there.
    ///
    /// # Errors
    /// A kind that the cluster does not serve; no rights; no answer.
    pub async fn read(&self, object: &ObjectId) -> Result<Option<Value>> {
        let api = self.api(object)?;
        let found = self.ask(&format!("read {object}"), || api.get_opt(&object.name)).await?;
        found.map(|o| value(&o)).transpose()
    }

    /// Tells all objects of the kind of `like`, where that one is, whose labels match `selector`, by their names.
    ///
    /// # Errors
    /// A kind that the cluster does not serve; no rights; no answer. Some may have been told then.
    pub async fn read_all(&self, like: &ObjectId, selector: &str, mut tell: impl FnMut(&str, Value)) -> Result<()> {
        let api = self.api(like)?;
        // In lists objects don't say what they are.
        let types = Some(TypeMeta { api_version: like.api_version(), kind: like.kind.clone() });
        let mut params = ListParams::default().labels(selector).limit(PAGE);
        loop {
            let page = self.ask(&format!("list objects like {like}"), || api.list(&params)).await?;
            for object in page.items {
                let name = object.metadata.name.clone().unwrap_or_default();
                tell(&name, value(&DynamicObject { types: types.clone(), ..object })?);
            }
            match page.metadata.continue_.filter(|token| !token.is_empty()) {
                Some(token) => params = params.continue_token(&token),
                None => return Ok(()),
            }
        }
    }

    /// Server-side apply with strict validation. Returns the object as it is then.
    ///
    /// # Errors
    /// Conflicts with other managers; a kind that is not served; an invalid object; no rights; no answer.
    pub async fn apply(&self, object: &ObjectId, desired: &Value, how: Apply<'_>) -> Result<Value, Refusal> {
        let api = self.api(object).map_err(Refusal::Other)?;
        let mut params = PatchParams::apply(how.manager).validation_strict();
        params.force = how.force;
        params.dry_run = how.dry_run;
        let doing = format!("apply {object}");
        let patch = Patch::Apply(desired);
        match again::asked(|| api.patch(&object.name, &params, &patch)).await {
            Err(_) => Err(Refusal::Other(fault::silent(&self.place, &doing, ANSWER))),
            Ok(Ok(applied)) => value(&applied).map_err(Refusal::Other),
            Ok(Err(kube::Error::Api(status))) if status.is_conflict() => match conflicts(&status) {
                some if some.is_empty() => {
                    Err(Refusal::Other(fault::explain(&kube::Error::Api(status), &self.place, &doing)))
                }
                some => Err(Refusal::Conflicts(some)),
            },
            Ok(Err(e)) => Err(Refusal::Other(fault::explain(&e, &self.place, &doing))),
        }
    }

    /// Begins the deletion of an object; what it owns goes first. Says whether it was there.
    ///
    /// # Errors
    /// No rights; no answer. A kind that is not served any more has no objects: not an error.
    pub async fn delete(&self, object: &ObjectId) -> Result<bool> {
        let Ok(api) = self.api(object) else { return Ok(false) };
        let params =
            DeleteParams { propagation_policy: Some(PropagationPolicy::Foreground), ..DeleteParams::default() };
        match again::asked(|| api.delete(&object.name, &params)).await {
            Err(_) => Err(fault::silent(&self.place, &format!("delete {object}"), ANSWER)),
            Ok(Ok(_)) => Ok(true),
            Ok(Err(kube::Error::Api(status))) if status.is_not_found() => Ok(false),
            Ok(Err(e)) => Err(fault::explain(&e, &self.place, &format!("delete {object}"))),
        }
    }

    /// Ends when an object that is being deleted is gone. A watch that breaks, as when the API server is started again, is
    /// begun anew.
    ///
    /// # Errors
    /// It can't be watched.
    pub async fn gone(&self, object: &ObjectId) -> Result<()> {
        let Ok(api) = self.api(object) else { return Ok(()) };
        let read = async || self.ask(&format!("read {object}"), || api.get_opt(&object.name)).await;
        let uid = async || Ok::<_, Error>(read().await?.and_then(|live| live.metadata.uid));
        let Some(going) = uid().await? else { return Ok(()) };
        let mut anew = 0..WATCHES;
        loop {
            let waiting = await_condition(api.clone(), &object.name, is_deleted(&going)).await;
            if waiting.is_ok() || uid().await?.as_ref() != Some(&going) {
                return Ok(());
            }
            if anew.next().is_none() {
                return waiting.map(|_| ()).failed(|| format!("could not watch {object} go"));
            }
        }
    }

    /// The plural by which the API calls objects of this kind, and whether they live in namespaces; `None`: the cluster
    /// does not serve it.
    #[must_use]
    pub fn kind(&self, object: &ObjectId) -> Option<(String, bool)> {
        let gvk = GroupVersionKind::gvk(&object.group, &object.version, &object.kind);
        let (resource, capabilities) = self.kinds.resolve_gvk(&gvk)?;
        Some((resource.plural, capabilities.scope == Scope::Namespaced))
    }

    /// The versions by which the cluster serves a kind of a group: `autoscaling/v2`.
    #[must_use]
    pub fn versions_of(&self, object: &ObjectId) -> Vec<String> {
        let Some(group) = self.kinds.get(&object.group) else { return Vec::new() };
        let serves = |version: &&str| {
            group.versioned_resources(version).iter().any(|(resource, _)| resource.kind == object.kind)
        };
        let found = group.versions().filter(serves);
        found.map(|version| ObjectId { version: version.to_owned(), ..object.clone() }.api_version()).collect()
    }

    fn api(&self, object: &ObjectId) -> Result<Api<DynamicObject>> {
        let gvk = GroupVersionKind::gvk(&object.group, &object.version, &object.kind);
        let Some((resource, capabilities)) = self.kinds.resolve_gvk(&gvk) else {
            return Err(Error::failed(format!(
                "{} does not serve {} {}",
                self.place,
                object.api_version(),
                object.kind
            ))
            .hint(format!("{object} needs it: is the software that defines it installed?")));
        };
        Ok(match capabilities.scope {
            Scope::Cluster => Api::all_with(self.client.clone(), &resource),
            Scope::Namespaced => {
                let namespace = object.namespace.as_deref().unwrap_or(self.namespace());
                Api::namespaced_with(self.client.clone(), namespace, &resource)
            }
        })
    }
}

fn value(object: &DynamicObject) -> Result<Value> {
    serde_json::to_value(object).failed(|| "could not read the cluster's answer")
}

/// The server tells each in its own words: `conflict with "kubectl" using apps/v1`.
fn conflicts(status: &kube::error::Status) -> Vec<Conflict> {
    let causes = status.details.iter().flat_map(|d| &d.causes).filter(|c| c.reason == "FieldManagerConflict");
    let conflict = |c: &kube::core::response::StatusCause| Conflict {
        manager: c.message.split('"').nth(1).unwrap_or(&c.message).to_owned(),
        field: c.field.clone(),
    };
    causes.map(conflict).collect()
}
