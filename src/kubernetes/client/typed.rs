//! Objects of known kinds in the cluster's namespace.

use std::fmt::Debug;

use k8s_openapi::NamespaceResourceScope;
use k8s_openapi::api::core::v1::Node;
use kube::Api;
use kube::api::{DeleteParams, ListParams, PostParams};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::dynamic::MANAGER;
use super::{ANSWER, Cluster, again, fault};
use crate::error::Result;

/// A namespaced kind of k8s-openapi.
pub trait Kind:
    kube::Resource<DynamicType = (), Scope = NamespaceResourceScope>
    + Clone
    + Debug
    + DeserializeOwned
    + Serialize
    + Send
    + Sync
    + 'static
{
}

impl<K> Kind for K where
    K: kube::Resource<DynamicType = (), Scope = NamespaceResourceScope>
        + Clone
        + Debug
        + DeserializeOwned
        + Serialize
        + Send
        + Sync
        + 'static
{
}

impl Cluster {
    pub(super) fn typed<K: Kind>(&self) -> Api<K> {
        Api::namespaced(self.client.clone(), self.namespace())
    }

    /// The object called `name`, if it is there.
    ///
    /// # Errors
    /// No rights; no answer.
    pub async fn find<K: Kind>(&self, name: &str) -> Result<Option<K>> {
        let api = self.typed::<K>();
        self.ask(&format!("read {} {name}", K::kind(&())), || api.get_opt(name)).await
    }

    /// All objects of a kind whose labels match `selector` (`""`: all).
    ///
    /// # Errors
    /// No rights; no answer.
    pub async fn list<K: Kind>(&self, selector: &str) -> Result<Vec<K>> {
        let params = ListParams::default().labels(selector);
        let doing = format!("list {} in namespace {}", K::plural(&()), self.namespace());
        let api = self.typed::<K>();
        Ok(self.ask(&doing, || api.list(&params)).await?.items)
    }

    /// The nodes of the cluster.
    ///
    /// # Errors
    /// No rights, as is usual for who has one namespace; no answer.
    pub async fn nodes(&self) -> Result<Vec<Node>> {
        let api: Api<Node> = Api::all(self.client.clone());
        let params = ListParams::default();
        Ok(self.ask("list nodes", || api.list(&params)).await?.items)
    }

    /// Creates an object; `None` when there is one of that name already.
    ///
    /// # Errors
    /// No rights; refused; no answer.
    pub async fn create<K: Kind>(&self, object: &K) -> Result<Option<K>> {
        let doing = format!("create {} {}", K::kind(&()), name(object));
        let params = PostParams { field_manager: Some(MANAGER.to_owned()), ..PostParams::default() };
        let api = self.typed::<K>();
        match tokio::time::timeout(ANSWER, api.create(&params, object)).await {
            Err(_) => Err(fault::silent(&self.place, &doing, ANSWER)),
            Ok(Ok(created)) => Ok(Some(created)),
            Ok(Err(kube::Error::Api(status))) if status.is_already_exists() => Ok(None),
            Ok(Err(e)) => Err(fault::explain(&e, &self.place, &doing)),
        }
    }

    /// Replaces an object as it was read; `None` when it changed or went since.
    ///
    /// # Errors
    /// No rights; refused; no answer.
    pub async fn replace<K: Kind>(&self, object: &K) -> Result<Option<K>> {
        let doing = format!("update {} {}", K::kind(&()), name(object));
        let params = PostParams { field_manager: Some(MANAGER.to_owned()), ..PostParams::default() };
        let api = self.typed::<K>();
        match tokio::time::timeout(ANSWER, api.replace(name(object), &params, object)).await {
            Err(_) => Err(fault::silent(&self.place, &doing, ANSWER)),
            Ok(Ok(replaced)) => Ok(Some(replaced)),
            Ok(Err(kube::Error::Api(status))) if status.is_conflict() || status.is_not_found() => Ok(None),
            Ok(Err(e)) => Err(fault::explain(&e, &self.place, &doing)),
        }
    }

    /// Deletes the object called `name`; one that is gone already is fine.
    ///
    /// # Errors
    /// No rights; no answer.
    pub async fn remove<K: Kind>(&self, name: &str) -> Result<()> {
        let doing = format!("delete {} {name}", K::kind(&()));
        let api = self.typed::<K>();
        let params = DeleteParams::background();
        match again::asked(|| api.delete(name, &params)).await {
            Err(_) => Err(fault::silent(&self.place, &doing, ANSWER)),
            Ok(Err(kube::Error::Api(status))) if status.is_not_found() => Ok(()),
            Ok(Err(e)) => Err(fault::explain(&e, &self.place, &doing)),
            Ok(Ok(_)) => Ok(()),
        }
    }
}

fn name<K: Kind>(object: &K) -> &str {
    object.meta().name.as_deref().unwrap_or_default()
}
