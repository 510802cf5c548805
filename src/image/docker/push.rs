//! Pushes an image from the engine to a registry.

use std::time::Duration;

use bollard::auth::DockerCredentials;
use bollard::errors::Error as Bollard;
use bollard::models::PushImageInfo;
use bollard::query_parameters::{PushImageOptionsBuilder, TagImageOptionsBuilder};
use futures_util::StreamExt;

use super::{Built, Engine, explain};
use crate::error::{Context, Error, Result};
use crate::image::native::overwrites;
use crate::image::plan::Plan;
use crate::image::tags::is_release;
use crate::progress::{Progress, Task};
use crate::registry::{Credentials, Digest, Reference, Session, credentials_for};

/// How long a push may tell nothing.
const IDLE: Duration = Duration::from_mins(10);

/// An image that a registry has.
#[derive(Debug, Clone)]
pub struct Pushed {
    /// What the registry calls its content.
    pub digest: Digest,
}

impl Engine {
    /// Gives the image `id` the name `reference`.
    ///
    /// # Errors
    /// The engine can't.
    pub async fn tag(&self, id: &str, reference: &Reference) -> Result<()> {
        let tag = reference.tag().unwrap_or("latest");
        let options = TagImageOptionsBuilder::default().repo(reference.name()).tag(tag).build();
        self.docker
            .tag_image(id, Some(options))
            .await
            .map_err(|e| explain::failed(&format!("could not name the image {reference}"), e))
    }

    /// Whether the image may get its name in the registry: a release keeps what it stands for. A registry that only the
    /// engine can reach is not asked.
    ///
    /// # Errors
    /// It may not.
    pub async fn may_push(&self, plan: &Plan, reference: &Reference, built: &Built) -> Result<()> {
        if plan.force || !reference.tag().is_some_and(is_release) {
            return Ok(());
        }
        // An engine's id is the digest of the image's configuration, as in the registry.
        let there = async { Session::look(reference).await?.configuration().await };
        match there.await {
            Ok(Some(there)) if there != built.id => Err(overwrites(reference)),
            _ => Ok(()),
        }
    }

    /// Pushes the image that the engine has under the name `reference`, with the credentials of the Docker config.
    ///
    /// # Errors
    /// The registry can't be reached or refuses, the credentials can't be read, or the engine goes away.
    pub async fn push(&self, reference: &Reference, progress: &dyn Progress) -> Result<Pushed> {
        let registry = reference.registry().to_owned();
        let credentials = tokio::task::spawn_blocking(move || credentials_for(&registry))
            .await
            .failed(|| "could not get the registry's credentials")??;
        let task = progress.task(&format!("push {reference}"));
        match self.push_with(reference, &credentials, &*task, progress).await {
            Ok(digest) => {
                task.done("");
                Ok(Pushed { digest })
            }
            Err(e) => {
                task.failed("");
                Err(e)
            }
        }
    }

    async fn push_with(
        &self,
        reference: &Reference,
        credentials: &Credentials,
        task: &dyn Task,
        progress: &dyn Progress,
    ) -> Result<Digest> {
        let options = PushImageOptionsBuilder::default().tag(reference.tag().unwrap_or("latest")).build();
        let known = docker_credentials(reference.registry(), credentials);
        let mut stream = Box::pin(self.docker.push_image(reference.name(), Some(options), known));
        let mut digest = None;
        loop {
            let next = tokio::time::timeout(IDLE, stream.next()).await.map_err(|_| {
                Error::failed(format!("the push of {reference} stands still"))
                    .cause(format!("nothing was heard for {} minutes", IDLE.as_secs() / 60))
            })?;
            match next {
                None => break,
                Some(Ok(info)) => digest = tell(&info, task, progress).or(digest),
                Some(Err(e @ (Bollard::DockerStreamError { .. } | Bollard::DockerResponseServerError { .. }))) => {
                    return Err(explain::push(reference, credentials, &explain::text(&e)));
                }
                Some(Err(e)) => return Err(explain::gone("pushed", Some(e))),
            }
        }
        match digest {
            Some(digest) => Ok(digest),
            None => self.digest_from_engine(reference).await,
        }
    }

    /// The digest that the engine noted down for the name.
    async fn digest_from_engine(&self, reference: &Reference) -> Result<Digest> {
        let image = self.docker.inspect_image(&reference.to_string()).await;
        let image = image.map_err(|e| explain::failed(&format!("could not find {reference} in the engine"), e))?;
        let names = image.repo_digests.unwrap_or_default();
        let digest = names.iter().filter_map(|name| name.split_once('@')).find(|(name, _)| {
            name.parse::<Reference>()
                .is_ok_and(|n| (n.registry(), n.repository()) == (reference.registry(), reference.repository()))
        });
        match digest {
            Some((_, digest)) => digest.parse(),
            None => Err(explain::gone("pushed", None)),
        }
    }
}

/// Shows how far the push is, and returns the digest once it is told: `TAG: digest: sha256:.. size: N`.
fn tell(info: &PushImageInfo, task: &dyn Task, progress: &dyn Progress) -> Option<Digest> {
    let status = info.status.as_deref()?;
    if let Some((_, rest)) = status.split_once("digest: ") {
        return rest.split_whitespace().next()?.parse().ok();
    }
    let detail = info.progress_detail.as_ref();
    let part = |number: Option<i64>| number.and_then(|n| u64::try_from(n).ok()).filter(|n| *n > 0);
    match (part(detail.and_then(|d| d.current)), part(detail.and_then(|d| d.total))) {
        (Some(current), Some(total)) => {
            task.update(&format!("{} {} of {}", status.to_lowercase(), amount(current), amount(total)));
        }
        _ => progress.detail(status),
    }
    None
}

/// Bytes as people read them.
#[allow(clippy::cast_precision_loss, reason = "one decimal is shown")]
pub(in crate::image) fn amount(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{:.1} kB", bytes as f64 / 1e3),
        1_000_000..1_000_000_000 => format!("{:.1} MB", bytes as f64 / 1e6),
        _ => format!("{:.1} GB", bytes as f64 / 1e9),
    }
}

/// The credentials in the engine's words.
fn docker_credentials(registry: &str, credentials: &Credentials) -> Option<DockerCredentials> {
    let known = DockerCredentials { serveraddress: Some(registry.to_owned()), ..DockerCredentials::default() };
    match credentials {
        Credentials::Anonymous => None,
        Credentials::Password { user, password } => {
            Some(DockerCredentials { username: Some(user.clone()), password: Some(password.clone()), ..known })
        }
        Credentials::IdentityToken(token) => Some(DockerCredentials { identitytoken: Some(token.clone()), ..known }),
    }
}
