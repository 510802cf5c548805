//! What is pulled from a registry, within bounds: a registry may be anybody's.

use std::io;
use std::pin::Pin;
use std::task::{Context as TaskContext, Poll};

use oci_client::errors::OciDistributionError as Oci;
use oci_client::manifest::{ImageIndexEntry, OciImageManifest, OciManifest};
use serde_json::Value;
use tokio::io::AsyncWrite;

use super::client::is_missing;
use super::{Blob, Session};
use crate::error::{Context, Error, Result};

/// Docker's own bound on an image's layers.
const MOST_LAYERS: usize = 127;
/// Largest configuration that is read, in bytes: real ones have some thousand.
const LARGEST_CONFIG: u64 = 4 << 20;
/// Largest layer that is read, in bytes.
const LARGEST_LAYER: u64 = 2 << 30;

/// An image for one platform.
#[derive(Debug, Clone)]
pub struct Image {
    /// Its layers, the lowest first.
    pub layers: Vec<Blob>,
    /// Its configuration, as the Open Container Initiative specified it.
    pub config: Value,
}

impl Session {
    /// The image that the reference means, for Linux on `architecture` (`amd64`, `arm64`).
    ///
    /// # Errors
    /// There is none, or none for this architecture; it is beyond all bounds; the registry refuses.
    pub async fn image(&self, architecture: &str) -> Result<Image> {
        let reference = &self.reference;
        let missing = || Error::failed(format!("there is no {reference}"));
        let manifest = match self.manifest().await? {
            None => return Err(missing()),
            Some(OciManifest::Image(manifest)) => manifest,
            Some(OciManifest::ImageIndex(index)) => {
                let fits = |entry: &&ImageIndexEntry| {
                    let platform = entry.platform.as_ref().map(|p| (p.os.to_string(), p.architecture.to_string()));
                    platform == Some(("linux".to_owned(), architecture.to_owned()))
                };
                let entry = index.manifests.iter().find(fits).ok_or_else(|| {
                    missing().cause(format!("the registry has {reference}, but not for linux/{architecture}"))
                })?;
                self.by_digest(&entry.digest).await?
            }
        };
        let layers: Vec<Blob> = manifest.layers.iter().map(Blob::from).collect();
        let absurd = |why: String| Error::failed(format!("{reference} is no image to build on")).cause(why);
        if layers.len() > MOST_LAYERS {
            return Err(absurd(format!("it has {} layers, and may have {MOST_LAYERS}", layers.len())));
        }
        if let Some(layer) = layers.iter().find(|layer| layer.size > LARGEST_LAYER) {
            return Err(absurd(format!("a layer of it is said to have {} bytes", layer.size)));
        }
        let config = self.config(&manifest).await?;
        let told = config["rootfs"]["diff_ids"].as_array().map_or(0, Vec::len);
        if told != layers.len() {
            return Err(absurd(format!("its manifest has {} layers, its configuration {told}", layers.len())));
        }
        Ok(Image { layers, config })
    }

    /// The processors (`amd64`) that the image is for; none where it does not say, `None` if there is no such image.
    ///
    /// # Errors
    /// The registry can't be reached, or it refuses.
    pub async fn processors(&self) -> Result<Option<Vec<String>>> {
        Ok(match self.manifest().await? {
            None => None,
            Some(OciManifest::ImageIndex(index)) => {
                let platforms = index.manifests.into_iter().filter_map(|m| m.platform);
                // What builders attach (provenance) stands there as `unknown`.
                Some(platforms.map(|p| p.architecture.to_string()).filter(|p| p != "unknown").collect())
            }
            Some(OciManifest::Image(manifest)) => {
                let config = self.config(&manifest).await?;
                Some(config["architecture"].as_str().map(str::to_owned).into_iter().collect())
            }
        })
    }

    /// A label of the image; `None` if there is no such image, it is for several platforms, or has no such label.
    ///
    /// # Errors
    /// The registry can't be reached, or it refuses.
    pub async fn label(&self, name: &str) -> Result<Option<String>> {
        let Some(OciManifest::Image(manifest)) = self.manifest().await? else { return Ok(None) };
        let config = self.config(&manifest).await?;
        Ok(config["config"]["Labels"][name].as_str().map(str::to_owned))
    }

    /// The digest of the image's configuration; of several platforms, of what lists them. `None` if there is no such image.
    ///
    /// # Errors
    /// The registry can't be reached, or it refuses.
    pub async fn configuration(&self) -> Result<Option<String>> {
        match self.manifest().await? {
            Some(OciManifest::Image(manifest)) => Ok(Some(manifest.config.digest)),
            Some(OciManifest::ImageIndex(_)) => Ok(self.named().await?.map(|digest| digest.to_string())),
            None => Ok(None),
        }
    }

    async fn manifest(&self) -> Result<Option<OciManifest>> {
        match self.ask(|| self.client.pull_manifest(self.reference.inner(), &self.auth)).await {
            Ok((manifest, _)) => Ok(Some(manifest)),
            Err(e) if is_missing(&e) => Ok(None),
            Err(e) => Err(self.explain(e)),
        }
    }

    async fn by_digest(&self, digest: &str) -> Result<OciImageManifest> {
        let image = self.reference.inner().clone_with_digest(digest.to_owned());
        let found = self.ask(|| self.client.pull_image_manifest(&image, &self.auth)).await;
        found.map(|(manifest, _)| manifest).map_err(|e| self.explain(e))
    }

    async fn config(&self, manifest: &OciImageManifest) -> Result<Value> {
        let blob = Blob::from(&manifest.config);
        let what = || format!("{} is no image", self.reference);
        if blob.size > LARGEST_CONFIG {
            return Err(Error::failed(what()).cause(format!("its configuration has {} bytes", blob.size)));
        }
        serde_json::from_slice(&self.blob(&blob).await?).failed(what)
    }

    /// The bytes of a blob, which are those of its digest, and no more than it is said to have.
    ///
    /// # Errors
    /// The registry does not have it, refuses, or gives other bytes.
    pub async fn blob(&self, blob: &Blob) -> Result<Vec<u8>> {
        let pulled = self.ask(async || {
            let mut bytes = Bounded { bytes: Vec::new(), most: blob.size };
            self.client.pull_blob(self.reference.inner(), blob.digest.as_str(), &mut bytes).await?;
            Ok::<_, Oci>(bytes.bytes)
        });
        pulled.await.map_err(|e| self.explain(e))
    }
}

/// Takes so many bytes and no more.
struct Bounded {
    bytes: Vec<u8>,
    most: u64,
}

impl AsyncWrite for Bounded {
    fn poll_write(mut self: Pin<&mut Self>, _: &mut TaskContext<'_>, data: &[u8]) -> Poll<io::Result<usize>> {
        if (self.bytes.len() + data.len()) as u64 > self.most {
            return Poll::Ready(Err(io::Error::other(format!(
                "it has more than the {} bytes it is said to",
                self.most
            ))));
        }
        self.bytes.extend_from_slice(data);
        Poll::Ready(Ok(data.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut TaskContext<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut TaskContext<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}
