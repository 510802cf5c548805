//! What is pushed to a registry: parts first, then the manifest, which is what makes an image of them.

use tokio::sync::Mutex;

use super::client::is_missing;
use super::retry::Patience;
use super::upload::Upload;
use super::{Blob, Digest, Reference, Session, digest};
use crate::error::{Context, Result};

impl Session {
    /// Whether the repository has a blob.
    ///
    /// # Errors
    /// The registry refuses to say.
    pub async fn has(&self, blob: &Blob) -> Result<bool> {
        self.ask(|| self.client.blob_exists(self.reference.inner(), &blob.digest)).await.map_err(|e| self.explain(e))
    }

    /// Takes a blob over from another repository of the same registry; `false` where that is not possible.
    pub async fn mount(&self, blob: &Blob, from: &Reference) -> bool {
        from.host() == self.reference.host()
            && self.client.mount_blob(self.reference.inner(), from.inner(), &blob.digest).await.is_ok()
    }

    /// Puts a blob there. One whose upload broke goes on where it stopped, or anew where the registry forgot it.
    ///
    /// # Errors
    /// The registry refuses, or goes away.
    pub async fn put(&self, blob: &Blob, bytes: Vec<u8>) -> Result<()> {
        let bytes = bytes::Bytes::from(bytes);
        let upload = Mutex::new(Upload::default());
        let put = async || self.go_on(&mut *upload.lock().await, &bytes, &blob.digest).await;
        while !self.ask_with(Patience::Upload, put).await.map_err(|e| self.explain(e))? {}
        Ok(())
    }

    /// Gives a manifest the name of the reference: only now there is an image. Gives its digest.
    ///
    /// # Errors
    /// The registry refuses, or goes away.
    pub async fn name(&self, media_type: &str, manifest: Vec<u8>) -> Result<Digest> {
        self.put_manifest(self.reference.inner(), media_type, manifest).await
    }

    /// Puts a manifest there by its digest alone: a part of an index, or what is said of another manifest.
    ///
    /// # Errors
    /// The registry refuses, or goes away.
    pub async fn put_unnamed(&self, media_type: &str, manifest: Vec<u8>) -> Result<Digest> {
        let place = self.reference.inner().clone_with_digest(digest(&manifest));
        self.put_manifest(&place, media_type, manifest).await
    }

    pub(super) async fn put_manifest(
        &self,
        place: &oci_client::Reference,
        media_type: &str,
        manifest: Vec<u8>,
    ) -> Result<Digest> {
        let digest = digest(&manifest);
        let kind = media_type.parse().failed(|| "a media type that is none")?;
        let pushed = self.ask(|| self.client.push_manifest_raw(place, manifest.clone(), Clone::clone(&kind)));
        pushed.await.map_err(|e| self.explain(e))?;
        digest.parse()
    }

    /// Gives what has `digest` in the repository the name of the reference too; `false` if there is no such thing.
    ///
    /// # Errors
    /// The registry refuses, or goes away.
    pub async fn rename(&self, digest: &str) -> Result<bool> {
        let place = self.reference.inner().clone_with_digest(digest.to_owned());
        let found = self.ask(|| self.client.pull_manifest_raw(&place, &self.auth, &MANIFESTS)).await;
        let bytes = match found {
            Ok((bytes, _)) => bytes.to_vec(),
            Err(e) if is_missing(&e) => return Ok(false),
            Err(e) => return Err(self.explain(e)),
        };
        let value: serde_json::Value = serde_json::from_slice(&bytes).failed(|| "a manifest that is none")?;
        let media_type = value["mediaType"].as_str().unwrap_or(MANIFESTS[0]);
        self.name(media_type, bytes).await.map(|_| true)
    }

    /// The digest of what has the name of the reference; `None` if nothing has.
    ///
    /// # Errors
    /// The registry refuses to say.
    pub async fn named(&self) -> Result<Option<Digest>> {
        match self.ask(|| self.client.fetch_manifest_digest(self.reference.inner(), &self.auth)).await {
            Ok(digest) => digest.parse().map(Some),
            Err(e) if is_missing(&e) => Ok(None),
            Err(e) => Err(self.explain(e)),
        }
    }
}

/// What may stand for an image.
const MANIFESTS: [&str; 4] = [
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.v2+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
];
