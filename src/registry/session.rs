//! A conversation with a registry about one repository: what is pulled from it, and pushed to it.

use oci_client::RegistryOperation;
use oci_client::client::Client;
use oci_client::errors::OciDistributionError as Oci;
use oci_client::manifest::OciDescriptor;
use oci_client::secrets::RegistryAuth;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::Reference;
use super::client::{auth_for, client, explain, is_refusal};
use super::mirrors::by_mirror;
use super::retry::{Patience, again};
use crate::error::{Error, Result};

/// A conversation about the repository of `reference`.
pub struct Session {
    pub(super) client: Client,
    pub(super) auth: RegistryAuth,
    pub(super) reference: Reference,
    /// What is wanted of it, as in "refused to push".
    doing: &'static str,
    patience: Patience,
}

/// Bytes that a registry keeps by their digest: a layer, an image's configuration, a manifest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Blob {
    /// What it is.
    pub media_type: String,
    /// `sha256:` and the digest of the bytes.
    pub digest: String,
    /// Their number.
    pub size: u64,
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

impl From<&OciDescriptor> for Blob {
    fn from(descriptor: &OciDescriptor) -> Self {
        Self {
            media_type: descriptor.media_type.clone(),
            digest: descriptor.digest.clone(),
            size: descriptor.size.try_into().unwrap_or_default(),
        }
    }
}

impl Session {
    /// Begins to look at the repository of `reference`.
    ///
    /// # Errors
    /// The registry can't be reached, or it refuses.
    pub async fn look(reference: &Reference) -> Result<Self> {
        Self::begin(reference, RegistryOperation::Pull, "look up").await
    }

    /// Begins to pull from the repository of `reference`: from the mirror that the user has for its registry, if that has
    /// the image, or else from the registry itself.
    ///
    /// # Errors
    /// The registry can't be reached, or it refuses; the user's settings can't be read.
    pub async fn pull(reference: &Reference) -> Result<Self> {
        if let Some(mirrored) = by_mirror(reference)?
            && let Ok(session) = Self::begin(&mirrored, RegistryOperation::Pull, "pull").await
            && matches!(session.named().await, Ok(Some(_)))
        {
            return Ok(session);
        }
        Self::begin(reference, RegistryOperation::Pull, "pull").await
    }

    /// Begins to push to the repository of `reference`.
    ///
    /// # Errors
    /// The registry can't be reached, or it refuses.
    pub async fn push(reference: &Reference) -> Result<Self> {
        let mut session = Self::begin(reference, RegistryOperation::Push, "push").await?;
        // Whoever pushes asks first what is there.
        let looks = session.client.auth(reference.inner(), &session.auth, RegistryOperation::Pull).await;
        looks.map_err(|e| session.explain(e))?;
        session.patience = Patience::Long;
        Ok(session)
    }

    async fn begin(reference: &Reference, operation: RegistryOperation, doing: &'static str) -> Result<Self> {
        let auth = auth_for(reference).await?;
        let client = client(reference, &auth, operation).await.map_err(|e| explain(reference, &auth, doing, e))?;
        Ok(Self { client, auth, reference: reference.clone(), doing, patience: Patience::Short })
    }

    /// What is asked for, and where: at a mirror, if that has it.
    #[must_use]
    pub fn reference(&self) -> &Reference {
        &self.reference
    }

    pub(super) fn explain(&self, error: Oci) -> Error {
        explain(&self.reference, &self.auth, self.doing, error)
    }

    /// Asks the registry; again, where it stumbles, and with a new token, where it no longer takes the old one.
    pub(super) async fn ask<T, F: Future<Output = Result<T, Oci>>>(&self, work: impl Fn() -> F) -> Result<T, Oci> {
        self.ask_with(self.patience, work).await
    }

    /// The same, with another patience than the session's.
    pub(super) async fn ask_with<T, F: Future<Output = Result<T, Oci>>>(
        &self,
        patience: Patience,
        work: impl Fn() -> F,
    ) -> Result<T, Oci> {
        match again(patience, &work).await {
            Err(refusal) if is_refusal(&refusal) => {
                let mut operations = vec![RegistryOperation::Pull];
                if self.patience == Patience::Long {
                    operations.push(RegistryOperation::Push);
                }
                for operation in operations {
                    self.client.auth(self.reference.inner(), &self.auth, operation).await?;
                }
                again(patience, &work).await
            }
            other => other,
        }
    }
}
