//! The image that binaries are laid upon.

use futures_util::future::try_join_all;

use super::system::System;
use super::{cache, config};
use crate::error::Result;
use crate::progress::Progress;
use crate::registry::{Blob, Image, Reference, Session};

/// The base that binaries are laid upon that need nothing.
const SCRATCH: &str = "scratch";

/// A base, for one processor.
pub(super) struct Base {
    /// As it was asked for.
    pub name: String,
    pub image: Image,
    /// What its layers hold together.
    pub system: System,
    /// Bytes of each layer when unpacked.
    pub sizes: Vec<u64>,
    session: Option<Session>,
}

impl Base {
    /// Looks at the base `name` for `architecture`.
    ///
    /// # Errors
    /// There is none, or it is no image that something can be laid upon; the registry refuses.
    pub async fn get(name: &str, architecture: &str, progress: &dyn Progress) -> Result<Self> {
        let name = name.to_owned();
        if name == SCRATCH {
            let image = config::scratch(architecture);
            return Ok(Self { name, image, system: System::default(), sizes: Vec::new(), session: None });
        }
        let task = progress.task(&format!("base {name}"));
        let session = Session::pull(&name.parse()?).await?;
        let image = session.image(architecture).await?;
        let layers = try_join_all(image.layers.iter().map(|blob| cache::system(&session, blob))).await?;
        let sizes = layers.iter().map(|layer| layer.size).collect();
        let mut system = System::default();
        for layer in layers {
            system.add(layer);
        }
        task.done("");
        Ok(Self { name, image, system, sizes, session: Some(session) })
    }

    /// Where its layers may be taken over from, within a registry.
    pub fn reference(&self) -> Option<&Reference> {
        self.session.as_ref().map(Session::reference)
    }

    /// The bytes of a layer of it.
    ///
    /// # Errors
    /// The registry does not give them, or the cache can't be written.
    pub async fn layer(&self, blob: &Blob) -> Result<Vec<u8>> {
        match &self.session {
            Some(session) => cache::blob(session, blob).await,
            None => Ok(Vec::new()),
        }
    }
}
