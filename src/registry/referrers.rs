//! What is said of an image without being part of it, such as what it is made of: manifests that refer to it.

use oci_client::manifest::OciImageIndex;
use serde_json::json;

use super::{Blob, Session};
use crate::error::{Context, Result};

const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
const INDEX: &str = "application/vnd.oci.image.index.v1+json";
/// The configuration of what has none.
const EMPTY: (&str, &[u8]) = ("application/vnd.oci.empty.v1+json", b"{}");

impl Session {
    /// Attaches `text` to the manifest `subject` of the repository, so that tools find it there. A registry that keeps no
    /// list of referrers gets the specification's substitute: an index under the digest as a tag.
    ///
    /// # Errors
    /// The registry refuses, or goes away.
    pub async fn attach(&self, subject: &Blob, media_type: &str, created: &str, text: &[u8]) -> Result<()> {
        let (config, layer) = (Blob::of(EMPTY.0, EMPTY.1), Blob::of(media_type, text));
        let manifest = json!({
            "schemaVersion": 2, "mediaType": MANIFEST, "artifactType": media_type, "config": config, "layers": [layer],
            "subject": subject, "annotations": { "org.opencontainers.image.created": created },
        });
        let manifest = manifest.to_string().into_bytes();
        let told = Blob::of(MANIFEST, &manifest);
        if self.referrers(subject).await?.manifests.iter().any(|entry| entry.digest == told.digest) {
            return Ok(());
        }
        for (blob, bytes) in [(&config, EMPTY.1), (&layer, text)] {
            if !self.has(blob).await? {
                self.put(blob, bytes.to_vec()).await?;
            }
        }
        self.put_unnamed(MANIFEST, manifest).await?;
        let known = self.referrers(subject).await?;
        if known.manifests.iter().any(|entry| entry.digest == told.digest) {
            return Ok(());
        }
        self.note(subject, &told, media_type, known).await
    }

    /// What refers to a manifest.
    async fn referrers(&self, subject: &Blob) -> Result<OciImageIndex> {
        let place = self.reference.inner().clone_with_digest(subject.digest.clone());
        self.ask(|| self.client.pull_referrers(&place, None)).await.map_err(|e| self.explain(e))
    }

    /// Adds a line to the substitute of the list.
    async fn note(&self, subject: &Blob, told: &Blob, kind: &str, known: OciImageIndex) -> Result<()> {
        let mut manifests = match serde_json::to_value(known.manifests).failed(|| "a list that is none")? {
            serde_json::Value::Array(manifests) => manifests,
            _ => Vec::new(),
        };
        manifests.push(json!({
            "mediaType": told.media_type, "digest": told.digest, "size": told.size, "artifactType": kind,
        }));
        let index = json!({ "schemaVersion": 2, "mediaType": INDEX, "manifests": manifests });
        let inner = self.reference.inner();
        let tag = subject.digest.replace(':', "-");
        let place = oci_client::Reference::with_tag(inner.registry().to_owned(), inner.repository().to_owned(), tag);
        self.put_manifest(&place, INDEX, index.to_string().into_bytes()).await.map(drop)
    }
}
