//! A conversation with a registry about one repository: what is pulled from it, and pushed to it.

use oci_client::client::Client;
use oci_client::errors::OciDistributionError as Oci;
use oci_client::manifest::{OciDescriptor, OciImageManifest, OciManifest};
use oci_client::secrets::RegistryAuth;
use oci_client::{RegistryOperation, manifest};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::client::{auth_for, client, explain, is_missing};
use super::{Digest, Reference};
use crate::error::{Context, Error, Result};

/// A conversation about the repository of `reference`.
pub struct Session {
    client: Client,
    auth: RegistryAuth,
    reference: Reference,
}

/// Bytes that a registry keeps by their digest: a layer, or an image's configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blob {
    /// What it is.
    pub media_type: String,
    /// `sha256:` and the digest of the bytes.
    pub digest: String,
    /// Their number.
    pub size: u64,
}

/// An image for one platform.
#[derive(Debug, Clone)]
pub struct Image {
    /// Its layers, the lowest first.
    pub layers: Vec<Blob>,
    /// Its configuration, as the Open Container Initiative specified it.
    pub config: Value,
}

/// What registries call these bytes.
#[must_use]
pub fn digest(bytes: &[u8]) -> String {
    format!("sha256:{:x}", Sha256::digest(bytes))
}

impl Blob {
    /// The blob that these bytes are.
    #[must_use]
    pub fn of(media_type: &str, bytes: &[u8]) -> Self {
        Self { media_type: media_type.to_owned(), digest: digest(bytes), size: bytes.len() as u64 }
    }
}

impl Session {
    /// Begins to pull from the repository of `reference`.
    ///
    /// # Errors
    /// The registry can't be reached, or it refuses.
    pub async fn pull(reference: &Reference) -> Result<Self> {
        Self::begin(reference, RegistryOperation::Pull, "pull").await
    }

    /// Begins to push to the repository of `reference`.
    ///
    /// # Errors
    /// The registry can't be reached, or it refuses.
    pub async fn push(reference: &Reference) -> Result<Self> {
        let session = Self::begin(reference, RegistryOperation::Push, "push").await?;
        // Whoever pushes asks first what is there.
        let looks = session.client.auth(reference.inner(), &session.auth, RegistryOperation::Pull).await;
        looks.map_err(session.failed("push"))?;
        Ok(session)
    }

    async fn begin(reference: &Reference, operation: RegistryOperation, doing: &str) -> Result<Self> {
        let auth = auth_for(reference).await?;
        let client = client(reference, &auth, operation).await.map_err(|e| explain(reference, &auth, doing, e))?;
        Ok(Self { client, auth, reference: reference.clone() })
    }

    fn failed(&self, doing: &str) -> impl FnOnce(Oci) -> Error {
        let (reference, auth, doing) = (self.reference.clone(), self.auth.clone(), doing.to_owned());
        move |error| explain(&reference, &auth, &doing, error)
    }

    /// The image that the reference means, for Linux on `architecture` (`amd64`, `arm64`).
    ///
    /// # Errors
    /// There is none, or none for this architecture; the registry refuses.
    pub async fn image(&self, architecture: &str) -> Result<Image> {
        let reference = &self.reference;
        let missing = || Error::failed(format!("there is no {reference}"));
        let found = self.client.pull_manifest(reference.inner(), &self.auth).await;
        let manifest = match found {
            Ok((OciManifest::Image(manifest), _)) => manifest,
            Ok((OciManifest::ImageIndex(index), _)) => {
                let fits = |entry: &&manifest::ImageIndexEntry| {
                    let platform = entry.platform.as_ref().map(|p| (p.os.to_string(), p.architecture.to_string()));
                    platform == Some(("linux".to_owned(), architecture.to_owned()))
                };
                let entry = index.manifests.iter().find(fits).ok_or_else(|| {
                    missing().cause(format!("the registry has {reference}, but not for linux/{architecture}"))
                })?;
                self.manifest(&entry.digest).await?
            }
            Err(e) if is_missing(&e) => return Err(missing()),
            Err(e) => return Err(self.failed("pull")(e)),
        };
        let config = self.blob(&blob(&manifest.config)).await?;
        let config = serde_json::from_slice(&config).failed(|| format!("{reference} is no image"))?;
        Ok(Image { layers: manifest.layers.iter().map(blob).collect(), config })
    }

    async fn manifest(&self, digest: &str) -> Result<OciImageManifest> {
        let image = self.reference.inner().clone_with_digest(digest.to_owned());
        let (manifest, _) = self.client.pull_image_manifest(&image, &self.auth).await.map_err(self.failed("pull"))?;
        Ok(manifest)
    }

    /// The bytes of a blob, which are those of its digest.
    ///
    /// # Errors
    /// The registry does not have it, refuses, or gives other bytes.
    pub async fn blob(&self, blob: &Blob) -> Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.client
            .pull_blob(self.reference.inner(), blob.digest.as_str(), &mut bytes)
            .await
            .map_err(self.failed("pull"))?;
        Ok(bytes)
    }

    /// Whether the repository has a blob.
    ///
    /// # Errors
    /// The registry refuses to say.
    pub async fn has(&self, blob: &Blob) -> Result<bool> {
        self.client.blob_exists(self.reference.inner(), &blob.digest).await.map_err(self.failed("push"))
    }

    /// Takes a blob over from another repository of the same registry; `false` where that is not possible.
    pub async fn mount(&self, blob: &Blob, from: &Reference) -> bool {
        from.registry() == self.reference.registry()
            && self.client.mount_blob(self.reference.inner(), from.inner(), &blob.digest).await.is_ok()
    }

    /// Puts a blob there.
    ///
    /// # Errors
    /// The registry refuses, or goes away.
    pub async fn put(&self, blob: &Blob, bytes: Vec<u8>) -> Result<()> {
        let pushed = self.client.push_blob(self.reference.inner(), bytes, &blob.digest).await;
        pushed.map(drop).map_err(self.failed("push"))
    }

    /// Gives a manifest the name of the reference: only now there is an image. Gives its digest.
    ///
    /// # Errors
    /// The registry refuses, or goes away.
    pub async fn name(&self, media_type: &str, manifest: Vec<u8>) -> Result<Digest> {
        let digest = digest(&manifest);
        let kind = media_type.parse().failed(|| "a media type that is none")?;
        let pushed = self.client.push_manifest_raw(self.reference.inner(), manifest, kind).await;
        pushed.map_err(self.failed("push"))?;
        digest.parse()
    }
}

fn blob(descriptor: &OciDescriptor) -> Blob {
    Blob {
        media_type: descriptor.media_type.clone(),
        digest: descriptor.digest.clone(),
        size: descriptor.size.try_into().unwrap_or_default(),
    }
}
