//! Builds an image: sends the context, follows the steps, and finds what came out.

use std::collections::HashMap;
use std::io::{self, Write};
use std::time::Duration;

use bollard::errors::Error as Bollard;
use bollard::models::{BuildInfo, BuildInfoAux};
use bollard::query_parameters::{BuildImageOptions, BuildImageOptionsBuilder, BuilderVersion};
use bytes::Bytes;
use futures_util::StreamExt;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

use super::push::amount;
use super::session::{Answers, Session};
use super::steps::{Steps, shorten};
use super::{Engine, explain};
use crate::error::{Context as _, Error, Result};
use crate::image::context::Context;
use crate::image::plan::{Dockerfile, Plan};
use crate::image::size::Part;
use crate::progress::Progress;
use crate::registry::{Credentials, credentials_for};

/// How long a build may tell nothing: a large crate that is optimised as a whole is silent for long.
const IDLE: Duration = Duration::from_mins(30);
/// The context goes out in pieces of this size, in bytes, of which this many wait at most.
const PIECE: usize = 64 * 1024;
const WAITING: usize = 16;

/// An image in the engine.
#[derive(Debug, Clone)]
pub struct Built {
    /// The engine's name for its content.
    pub id: String,
    /// Its size when unpacked, in bytes.
    pub size: u64,
    /// What takes the space, the lowest layer first.
    pub parts: Vec<Part>,
    /// How many steps it took.
    pub steps: usize,
    /// How many of them came from the cache.
    pub cached: usize,
}

impl Engine {
    /// Builds what `plan` says by `dockerfile` and gives the image its names. Dropping the future ends the build at the engine too.
    ///
    /// # Errors
    /// A step fails, the context can't be read, a base image can't be had, or the engine goes away.
    pub async fn build(&self, plan: &Plan, dockerfile: &Dockerfile, progress: &dyn Progress) -> Result<Built> {
        let context = Context::new(&plan.root, &dockerfile.path)?;
        let credentials = base_credentials(dockerfile, progress).await?;
        let session = Session::open(&self.host, Answers { credentials, secrets: dockerfile.secrets.clone() }).await?;
        let (sender, receiver) = mpsc::channel(WAITING);
        let task = progress.task(&format!("{} context", plan.service));
        let sending = tokio::task::spawn_blocking(move || {
            let sent = context.write(Pieces { piece: Vec::with_capacity(PIECE), sender: sender.clone() });
            match &sent {
                Ok(sent) => task.done(&format!("{} files, {}", sent.files, amount(sent.bytes))),
                // The archive must not end as if it were whole.
                Err(e) => drop(sender.blocking_send(Err(io::Error::other(e.message.clone())))),
            }
            sent.map(|_| ())
        });
        let mut steps = Steps::new(&plan.service, &dockerfile.secrets, progress);
        let body = bollard::body_try_stream(ReceiverStream::new(receiver));
        let stream = self.docker.build_image(options(plan, dockerfile, &session)?, None, Some(body));
        let outcome = follow(stream, &mut steps).await;
        let (total, cached) = steps.counts();
        drop((steps, session));
        let id = match outcome {
            Ok(id) => id,
            Err(Broken::Engine(error)) => return Err(error),
            // If the context broke first, its reason is the better one; else it broke because nobody listened.
            Err(Broken::Connection(error)) => return Err(own_reason(sending).await.unwrap_or(error)),
        };
        for reference in &plan.references {
            self.tag(&id, reference).await?;
        }
        let image = self.docker.inspect_image(&id).await;
        let image = image.map_err(|e| explain::failed("could not look at the image that was built", e))?;
        let size = image.size.and_then(|size| u64::try_from(size).ok()).unwrap_or_default();
        let parts = self.parts(&id).await?;
        Ok(Built { id, size, parts, steps: total, cached })
    }

    /// The layers of an image that hold something, by the instructions that made them.
    async fn parts(&self, id: &str) -> Result<Vec<Part>> {
        let history = self.docker.image_history(id).await;
        let history = history.map_err(|e| explain::failed("could not look at the image that was built", e))?;
        let parts = history.into_iter().rev().filter(|layer| layer.size > 0).map(|layer| Part {
            what: shorten(&layer.created_by),
            size: u64::try_from(layer.size).unwrap_or_default(),
        });
        Ok(parts.collect())
    }
}

/// Why there is no image.
enum Broken {
    /// The engine says why.
    Engine(Error),
    /// The connection broke, from whichever end.
    Connection(Error),
}

async fn follow(
    stream: impl futures_util::Stream<Item = Result<BuildInfo, Bollard>>,
    steps: &mut Steps<'_>,
) -> Result<String, Broken> {
    let mut stream = Box::pin(stream);
    let mut id = None;
    loop {
        let next = tokio::time::timeout(IDLE, stream.next()).await.map_err(|_| {
            let cause = format!("nothing was heard for {} minutes", IDLE.as_secs() / 60);
            Broken::Engine(Error::failed("the build stands still").cause(cause))
        })?;
        match next {
            None => break,
            Some(Ok(BuildInfo { aux: Some(BuildInfoAux::BuildKit(status)), .. })) => steps.take(status),
            Some(Ok(BuildInfo { aux: Some(BuildInfoAux::Default(image)), .. })) => id = image.id.or(id),
            Some(Ok(_)) => {}
            Some(Err(e @ (Bollard::DockerStreamError { .. } | Bollard::DockerResponseServerError { .. }))) => {
                let said = explain::text(&e);
                let failure = steps.failure(&said);
                return Err(if from_context(&said) { Broken::Connection(failure) } else { Broken::Engine(failure) });
            }
            Some(Err(e)) => return Err(Broken::Connection(explain::gone("built", Some(e)))),
        }
    }
    id.ok_or_else(|| Broken::Connection(explain::gone("built", None)))
}

/// Whether the engine only says that the context ended too early.
fn from_context(said: &str) -> bool {
    said.contains("unexpected EOF") || said.contains("error reading from")
}

async fn own_reason(sending: tokio::task::JoinHandle<Result<()>>) -> Option<Error> {
    let ended = tokio::time::timeout(Duration::from_secs(5), sending).await.ok()?.ok()?;
    ended.err().filter(|e| !e.causes.iter().any(|cause| cause.contains(GONE)))
}

fn options(plan: &Plan, dockerfile: &Dockerfile, session: &Session) -> Result<BuildImageOptions> {
    let path = dockerfile.path.to_str();
    let path = path.ok_or_else(|| Error::usage("the Dockerfile's path is not text"))?;
    let mut options = BuildImageOptionsBuilder::default()
        .dockerfile(path)
        // Which becomes BuildKit on the way.
        .version(BuilderVersion::BuilderV1)
        .session(&session.id)
        .labels(&plan.labels)
        .buildargs(&dockerfile.arguments)
        .nocache(dockerfile.no_cache)
        .rm(true);
    if let Some(target) = &dockerfile.target {
        options = options.target(target);
    }
    if dockerfile.pull {
        options = options.pull("1");
    }
    if let Some(platform) = &dockerfile.platform {
        options = options.platform(platform);
    }
    Ok(options.build())
}

/// Credentials for the registries of the base images. One that can't be had is no failure yet: the image may be public.
async fn base_credentials(dockerfile: &Dockerfile, progress: &dyn Progress) -> Result<HashMap<String, Credentials>> {
    let registries = dockerfile.registries.clone();
    let found = tokio::task::spawn_blocking(move || {
        registries.into_iter().map(|registry| (credentials_for(&registry), registry)).collect::<Vec<_>>()
    });
    let mut known = HashMap::new();
    for (credentials, registry) in found.await.failed(|| "could not get the registries' credentials")? {
        match credentials {
            Ok(Credentials::Anonymous) => {}
            Ok(credentials) => {
                let key = if registry == "docker.io" { crate::registry::DOCKER_HUB.to_owned() } else { registry };
                known.insert(key, credentials);
            }
            Err(e) => progress.warning(&format!("{e}: {}", e.causes.join("; "))),
        }
    }
    Ok(known)
}

/// What the archive's writer is told when nobody listens any more.
const GONE: &str = "the engine stopped listening";

/// Cuts the archive into pieces for the channel.
struct Pieces {
    piece: Vec<u8>,
    sender: mpsc::Sender<io::Result<Bytes>>,
}

impl Pieces {
    fn send(&mut self) -> io::Result<()> {
        let piece = std::mem::replace(&mut self.piece, Vec::with_capacity(PIECE));
        self.sender.blocking_send(Ok(piece.into())).map_err(|_| io::Error::new(io::ErrorKind::BrokenPipe, GONE))
    }
}

impl Write for Pieces {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        let taken = data.len().min(PIECE - self.piece.len());
        self.piece.extend_from_slice(&data[..taken]);
        if self.piece.len() == PIECE {
            self.send()?;
        }
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.piece.is_empty() { Ok(()) } else { self.send() }
    }
}
