//! Watching a kind in the cluster's namespace: what is there, then every change, over lost connections.

use futures_util::{Stream, StreamExt, stream};
use kube::runtime::watcher::{self, Event};
use kube::runtime::{WatchStreamExt, watcher as watch};

use super::typed::Kind;
use super::{Cluster, fault};
use crate::error::Error;

/// How many objects are asked for at once: as they come, they take many times what is kept of them.
const PAGE: u32 = 100;

/// What a watch tells.
#[derive(Debug)]
pub enum Change<K> {
    /// A list of all follows; until [`Change::Listed`] it is not complete.
    Relisting,
    /// The object is there, or changed.
    Is(K),
    /// The object is gone.
    Gone(K),
    /// All that is there was told.
    Listed,
}

impl Cluster {
    /// Watches all objects of a kind whose labels match `selector` (`""`: all). Lost connections are taken up again by
    /// itself; an error is told, and the watch goes on trying.
    pub fn watch<K: Kind>(&self, selector: &str) -> impl Stream<Item = Result<Change<K>, Error>> + Send + use<K> {
        let config = watcher::Config::default().labels(selector).page_size(PAGE);
        let place = self.place.clone();
        let doing = format!("watch {} in namespace {}", K::plural(&()), self.namespace());
        watch(self.typed::<K>(), config).default_backoff().flat_map(move |event| {
            stream::iter(Some(match event {
                Ok(Event::Init) => Ok(Change::Relisting),
                Ok(Event::InitApply(mut object) | Event::Apply(mut object)) => {
                    // Who set which field is half of an object, and nobody looks at it here.
                    object.meta_mut().managed_fields = None;
                    Ok(Change::Is(object))
                }
                Ok(Event::Delete(object)) => Ok(Change::Gone(object)),
                Ok(Event::InitDone) => Ok(Change::Listed),
                Err(watcher::Error::InitialListFailed(e) | watcher::Error::WatchStartFailed(e)) => {
                    Err(fault::explain(&e, &place, &doing))
                }
                Err(e) => Err(Error::failed(format!("could not {doing}")).cause(e.to_string())),
            }))
        })
    }
}
