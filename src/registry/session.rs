//! A conversation with a registry about one repository: what is pulled from it, and pushed to it.

use std::sync::{Mutex, PoisonError};

use oci_client::RegistryOperation;
use oci_client::client::Client;
use oci_client::errors::OciDistributionError as Oci;
use oci_client::manifest::OciDescriptor;
use oci_client::secrets::RegistryAuth;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::client::{clients, explain, is_refusal, known_for};
use super::mirrors::by_mirror;
use super::oauth::exchange;
use super::retry::{Patience, again};
use super::{Credentials, Reference};
use crate::error::{Error, Result};

/// A conversation about the repository of `reference`.
pub struct Session {
    pub(super) client: Client,
    /// For what `client` does not do.
    pub(super) http: reqwest::Client,
    /// As whom `client` asks.
    pub(super) auth: RegistryAuth,
    pub(super) reference: Reference,
    known: Credentials,
    /// What lets one push at the moment.
    pushes: Mutex<RegistryAuth>,
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
        session.introduce(RegistryOperation::Pull).await.map_err(|e| session.explain(e))?;
        session.patience = Patience::Long;
        Ok(session)
    }

    async fn begin(reference: &Reference, operation: RegistryOperation, doing: &'static str) -> Result<Self> {
        let known = known_for(reference).await?;
        let (client, http) = clients(reference).map_err(|e| explain(reference, &known, doing, e))?;
        let (auth, pushes) = (RegistryAuth::Anonymous, Mutex::new(RegistryAuth::Anonymous));
        let reference = reference.clone();
        let mut session = Self { client, http, auth, reference, known, pushes, doing, patience: Patience::Short };
        // Asked for by itself, so that a refusal comes with its reason.
        session.auth = session.introduce(operation).await.map_err(|e| session.explain(e))?;
        Ok(session)
    }

    /// Says who asks, and gets what lets one do this with the repository.
    async fn introduce(&self, operation: RegistryOperation) -> Result<RegistryAuth, Oci> {
        let auth = match &self.known {
            Credentials::Anonymous => RegistryAuth::Anonymous,
            Credentials::Password { user, password } => RegistryAuth::Basic(user.clone(), password.clone()),
            Credentials::IdentityToken(identity) => {
                let token = exchange(&self.http, &self.reference, identity, operation).await?;
                token.map_or(RegistryAuth::Anonymous, RegistryAuth::Bearer)
            }
        };
        let token = self.client.auth(self.reference.inner(), &auth, operation).await?;
        if operation == RegistryOperation::Push {
            let mut pushes = self.pushes.lock().unwrap_or_else(PoisonError::into_inner);
            *pushes = token.map_or_else(|| auth.clone(), RegistryAuth::Bearer);
        }
        Ok(auth)
    }

    /// What a request that pushes carries.
    pub(super) fn may_push(&self) -> RegistryAuth {
        self.pushes.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What is asked for, and where: at a mirror, if that has it.
    #[must_use]
    pub fn reference(&self) -> &Reference {
        &self.reference
    }

    pub(super) fn explain(&self, error: Oci) -> Error {
        explain(&self.reference, &self.known, self.doing, error)
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
                    self.introduce(operation).await?;
                }
                again(patience, &work).await
            }
            other => other,
        }
    }
}
