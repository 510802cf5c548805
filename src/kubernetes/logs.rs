//! Logs of all pods of a project: what was written, and on request what is written from now on, by pods that come
//! later too.

use std::collections::HashSet;
use std::time::Duration;

use futures_util::StreamExt as _;
use jiff::Timestamp;
use k8s_openapi::api::core::v1::Pod;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::sleep;

use super::client::{Change, Cluster, LogRequest};
use super::own::services_selector;
use crate::error::{Error, Result};
use crate::project::Settings;

/// What waits to be printed at most; a slow terminal slows the reading.
const WAITING: usize = 1024;
/// How long to wait before a container that ended is looked at again.
const PAUSE: Duration = Duration::from_secs(1);

/// Which lines.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// Go on with what is written from now on.
    pub follow: bool,
    /// Only what was written since.
    pub since: Option<Timestamp>,
    /// Only the last so many lines of each pod.
    pub tail: Option<i64>,
}

/// A line of a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The service; for backing, its instance.
    pub service: String,
    /// The pod.
    pub pod: String,
    /// The container.
    pub container: String,
    /// When it was written, RFC 3339.
    pub time: String,
    /// What was written.
    pub text: String,
}

/// A container whose log is read.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Source {
    service: String,
    pod: String,
    container: String,
}

/// Reads the logs of the services in `settings` and hands every line to `show`, until all is read or, when following,
/// for ever. Lines of one container come in their order.
///
/// # Errors
/// The cluster can't be reached, or does not let this user read; nothing runs; `show` fails.
pub async fn logs(settings: &Settings, request: &Request, mut show: impl FnMut(Line) -> Result<()>) -> Result<()> {
    let cluster = Cluster::connect(settings.context.as_deref(), &settings.namespace).await?;
    let names: Vec<&str> = settings.services.iter().map(|s| s.service.name.as_str()).collect();
    let selector = services_selector(&settings.project, &names);
    let (tell, mut lines) = mpsc::channel(WAITING);
    let pods: Vec<Pod> = cluster.list(&selector).await?;
    if pods.is_empty() && !request.follow {
        let environment = settings.environment.as_deref().unwrap_or(&settings.namespace);
        return Err(Error::failed(format!("{} has no pods in {environment}", settings.project))
            .hint("`msvc status` tells how it stands"));
    }
    let mut reading = JoinSet::new();
    if request.follow {
        reading.spawn(follow_all(cluster, selector, request.clone(), tell));
    } else {
        for source in pods.iter().flat_map(sources) {
            reading.spawn(read(cluster.clone(), source, request.clone(), tell.clone()));
        }
        drop(tell);
    }
    while let Some(line) = lines.recv().await {
        show(line)?;
    }
    while let Some(ended) = reading.join_next().await {
        ended.map_err(|e| Error::failed("reading logs was cut short").cause(e.to_string()))??;
    }
    Ok(())
}

/// The pods of the services; all of the project's, backing too, where none is left out.
/// The containers of a pod that have begun.
fn sources(pod: &Pod) -> Vec<Source> {
    let label = pod.metadata.labels.as_ref().and_then(|l| l.get("app.kubernetes.io/instance")).cloned();
    let name = pod.metadata.name.clone().unwrap_or_default();
    let service = label.unwrap_or_else(|| name.clone());
    let status = pod.status.clone().unwrap_or_default();
    let init = status.init_container_statuses.unwrap_or_default().into_iter();
    let begun = init.chain(status.container_statuses.unwrap_or_default()).filter(|c| {
        let state = c.state.clone().unwrap_or_default();
        state.running.is_some() || state.terminated.is_some() || c.restart_count > 0
    });
    begun.map(|c| Source { service: service.clone(), pod: name.clone(), container: c.name }).collect()
}

/// Follows every container of every pod that matches, now or later.
async fn follow_all(cluster: Cluster, selector: String, request: Request, tell: mpsc::Sender<Line>) -> Result<()> {
    let mut known: HashSet<Source> = HashSet::new();
    let mut reading = JoinSet::new();
    let mut changes = Box::pin(cluster.watch::<Pod>(&selector));
    while let Some(change) = changes.next().await {
        let Ok(Change::Is(pod)) = change else { continue };
        for source in sources(&pod) {
            if known.insert(source.clone()) {
                reading.spawn(follow(cluster.clone(), source, request.clone(), tell.clone()));
            }
        }
    }
    Ok(())
}

/// Follows a container over its restarts and lost connections, until its pod is gone.
async fn follow(cluster: Cluster, source: Source, request: Request, tell: mpsc::Sender<Line>) {
    let mut request = request;
    let mut last = String::new();
    loop {
        match stream(&cluster, &source, &request, &mut last, &tell).await {
            Err(_) if !exists(&cluster, &source).await => return,
            _ if tell.is_closed() => return,
            _ => {}
        }
        // Lines of that very moment come again; those already told are left out by their time.
        request.since = last.parse().ok().or(request.since);
        request.tail = None;
        sleep(PAUSE).await;
    }
}

async fn exists(cluster: &Cluster, source: &Source) -> bool {
    !matches!(cluster.find::<Pod>(&source.pod).await, Ok(None))
}

/// Reads what a container has written. A pod on its way out may be gone, or its log, before it is read.
async fn read(cluster: Cluster, source: Source, request: Request, tell: mpsc::Sender<Line>) -> Result<()> {
    let done = stream(&cluster, &source, &request, &mut String::new(), &tell).await;
    if done.is_err() && is_leaving(&cluster, &source).await { Ok(()) } else { done }
}

async fn is_leaving(cluster: &Cluster, source: &Source) -> bool {
    match cluster.find::<Pod>(&source.pod).await {
        Ok(None) => true,
        Ok(Some(pod)) => pod.metadata.deletion_timestamp.is_some(),
        Err(_) => false,
    }
}

/// Tells the lines that are newer than `last`, which moves on with them.
async fn stream(
    cluster: &Cluster,
    source: &Source,
    request: &Request,
    last: &mut String,
    tell: &mpsc::Sender<Line>,
) -> Result<()> {
    let asked = LogRequest {
        container: Some(source.container.clone()),
        follow: request.follow,
        since: request.since,
        tail: request.tail,
        timestamps: true,
        ..LogRequest::default()
    };
    let told_before = last.clone();
    let mut lines = cluster.logs(&source.pod, &asked).await?;
    while let Some(line) = lines.next().await {
        // A connection that breaks ends what can be read of it.
        let Ok(line) = line else { break };
        let (time, text) = line.split_once(' ').unwrap_or(("", &line));
        if !told_before.is_empty() && time <= told_before.as_str() {
            continue;
        }
        time.clone_into(last);
        let line = Line {
            service: source.service.clone(),
            pod: source.pod.clone(),
            container: source.container.clone(),
            time: time.to_owned(),
            text: text.to_owned(),
        };
        if tell.send(line).await.is_err() {
            break;
        }
    }
    Ok(())
}
