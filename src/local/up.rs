//! Prepares what is brought up: which services, on which ports, built, and told of each other.

use std::path::PathBuf;

use tokio::sync::mpsc;

use super::event::Event;
use super::leftovers::Record;
use super::ports::{self, Ports, Wanted};
use super::rebuild::Rebuild;
use super::supervisor::Supervisor;
use super::watch::Watch;
use super::{Runnable, build, keys, order};
use crate::error::{Error, Result};
use crate::progress::Progress;
use crate::project::{Project, ServiceFile};

/// What to bring up.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// The project.
    pub project: &'a Project,
    /// Services to run, with those they use; none: all.
    pub services: &'a [String],
    /// Port of the service; 0: a free one for each.
    pub port: Option<u16>,
    /// Whether what changes is built and started anew.
    pub watch: bool,
}

/// Builds and runs a project as processes of this machine until `stops` says to end it. The first stop lets it
/// finish what it does, the second one ends it at once. `color`: whether the compiler's words are coloured.
///
/// # Errors
/// It can't be built or started, or had to be killed (exit code 1); the command line or the project does not fit
/// (2); stopped before it was started, or for the second time (130).
pub async fn up(
    request: &Request<'_>,
    color: bool,
    progress: &dyn Progress,
    emit: &(dyn Fn(&Event) -> Result<()> + Sync),
    stops: &mut mpsc::Receiver<()>,
) -> Result<()> {
    let project = request.project;
    let waves = order::waves(project, request.services)?;
    let services: Vec<&ServiceFile> = waves.iter().flatten().copied().collect();
    let cargo = build::of(project, &services, color);
    let wanted = wanted_ports(request, &services)?;
    let (record, watch, built, ports) = tokio::select! {
        prepared = async {
            let record = Record::begin(&project.root, project.name(), progress).await?;
            let ports = ports::reserve(&wanted, progress)?;
            // Before the build, so that no change is missed.
            let watch = request.watch.then(|| Watch::begin(&project.root)).transpose()?;
            let built = cargo.run(progress).await?.executables;
            Ok::<_, Error>((record, watch, built, ports))
        } => prepared?,
        _ = stops.recv() => return Err(Error::interrupted()),
    };
    let rebuild = watch.map(|watch| Rebuild::new(cargo, services.clone(), &built, watch));
    let runnables = runnables(project, &services, built, &ports, progress);
    let mut next = 0..;
    let waves = waves.iter().map(|wave| next.by_ref().take(wave.len()).collect()).collect();
    let supervisor = Supervisor::new(runnables, waves, record, ports, emit);
    supervisor.run(rebuild, progress, stops).await
}

fn runnables(
    project: &Project,
    services: &[&ServiceFile],
    built: Vec<PathBuf>,
    ports: &[Ports],
    progress: &dyn Progress,
) -> Vec<Runnable> {
    let numbers: Vec<u16> = ports.iter().map(|ports| ports.api.number).collect();
    let keys = keys::hand_out(project, services, progress);
    let each = services.iter().zip(built).zip(ports).zip(keys);
    let runnable = each.map(|(((file, executable), ports), keys)| Runnable {
        name: file.service.name.as_str().to_owned(),
        dir: file.dir.clone(),
        executable,
        port: ports.api.number,
        grpc: file.service.speaks_grpc(),
        management: ports.management.number,
        told: told(file, services, &numbers, keys),
    });
    runnable.collect()
}

/// What a service is told of the others that run.
fn told(file: &ServiceFile, running: &[&ServiceFile], ports: &[u16], keys: Option<String>) -> Vec<(String, String)> {
    let mut told = order::addresses(file, running, ports);
    let subscribers = order::subscribers(file, running, ports);
    told.extend(subscribers.map(|addresses| ("EVENT_SUBSCRIBERS".to_owned(), addresses)));
    told.extend(keys.map(|keys| (keys::VARIABLE.to_owned(), keys)));
    told
}

/// What each service wants of its port: the command line's word goes over the project file's.
fn wanted_ports<'a>(request: &Request, services: &[&'a ServiceFile]) -> Result<Vec<(&'a str, Wanted)>> {
    let alone = request.project.system.is_none();
    let meant = |name: &str| alone || request.services.iter().any(|s| s == name);
    if let Some(port @ 1..) = request.port
        && !alone
        && request.services.len() != 1
    {
        return Err(Error::usage(format!("`--port {port}` fits one service only"))
            .hint("name the service, or fix ports by `local: { port: }` in msvc.yaml"));
    }
    let wanted = |file: &&'a ServiceFile| {
        let service = &file.service;
        let fixed = service.local.as_ref().and_then(|local| local.port);
        let wanted = match (request.port, fixed) {
            (Some(0), _) => Wanted::Free,
            (Some(port), _) if meant(service.name.as_str()) => Wanted::Exactly(port),
            (_, Some(fixed)) => Wanted::Exactly(fixed.number()),
            (_, None) if alone => Wanted::Exactly(service.port.number()),
            (_, None) => Wanted::From(service.port.number()),
        };
        (service.name.as_str(), wanted)
    };
    Ok(services.iter().map(wanted).collect())
}
