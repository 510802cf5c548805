//! Brings a project up and down: build, start in order, tell what happens, end in reverse order.

use std::collections::BTreeSet;

use tokio::sync::{mpsc, watch};

use super::event::Event;
use super::keeper::{self, Order, drain_time};
use super::leftovers::Record;
use super::ports::{self, Ports, Wanted};
use super::report::{End, Report, Reports};
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
    /// Whether the compiler's words are coloured.
    pub color: bool,
}

/// Builds and runs a project as processes of this machine until `stops` says to end it. The first stop lets it
/// finish what it does, the second one ends it at once.
///
/// # Errors
/// It can't be built or started, or had to be killed (exit code 1); the command line or the project does not fit
/// (2); stopped before it was started, or for the second time (130).
pub async fn up(
    request: &Request<'_>,
    progress: &dyn Progress,
    emit: &(dyn Fn(&Event) -> Result<()> + Sync),
    stops: &mut mpsc::Receiver<()>,
) -> Result<()> {
    let project = request.project;
    let waves = order::waves(project, request.services)?;
    let services: Vec<&ServiceFile> = waves.iter().flatten().copied().collect();
    let wanted = wanted_ports(request, &services)?;
    let (record, built, ports) = tokio::select! {
        prepared = async {
            let record = Record::begin(&project.root, project.name(), progress).await?;
            let ports = ports::reserve(&wanted, progress)?;
            let built = build::build(project, &services, request.color, progress).await?;
            Ok::<_, Error>((record, built, ports))
        } => prepared?,
        _ = stops.recv() => return Err(Error::interrupted()),
    };
    let numbers: Vec<u16> = ports.iter().map(|ports| ports.api.number).collect();
    let keys = keys::hand_out(project, &services, progress);
    let each = services.iter().zip(built).zip(&ports).zip(keys);
    let runnables = each.map(|(((file, executable), ports), keys)| Runnable {
        name: file.service.name.as_str().to_owned(),
        dir: file.dir.clone(),
        executable,
        port: ports.api.number,
        grpc: file.service.speaks_grpc(),
        management: ports.management.number,
        told: told(file, &services, &numbers, keys),
    });
    let runnables = runnables.collect();
    let mut next = 0..;
    let waves = waves.iter().map(|wave| next.by_ref().take(wave.len()).collect()).collect();
    let (orders, over, reports) = (Vec::new(), BTreeSet::new(), Reports::new());
    Supervisor { runnables, waves, orders, over, reports, record, _ports: ports, progress, emit }.run(stops).await
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

struct Supervisor<'a> {
    runnables: Vec<Runnable>,
    /// Numbers of the services that are started together.
    waves: Vec<Vec<usize>>,
    /// To the keepers of the services started so far.
    orders: Vec<watch::Sender<Order>>,
    /// Numbers of the services whose keepers are done.
    over: BTreeSet<usize>,
    reports: Reports,
    record: Record,
    _ports: Vec<Ports>,
    progress: &'a dyn Progress,
    emit: &'a (dyn Fn(&Event) -> Result<()> + Sync),
}

impl Supervisor<'_> {
    async fn run(mut self, stops: &mut mpsc::Receiver<()>) -> Result<()> {
        let result = self.start_and_watch(stops).await;
        // Whatever happened, nothing stays behind.
        let stopped = self.stop(stops).await;
        result.and(stopped)
    }

    /// Starts wave after wave and shows what happens, until asked to stop (`Ok`) or something fails.
    async fn start_and_watch(&mut self, stops: &mut mpsc::Receiver<()>) -> Result<()> {
        for wave in self.waves.clone() {
            let names: Vec<&str> = wave.iter().map(|i| self.runnables[*i].name.as_str()).collect();
            let _task = self.progress.task(&format!("waiting for {} to be ready", names.join(", ")));
            for service in &wave {
                self.start(*service);
            }
            let mut waiting: BTreeSet<usize> = wave.into_iter().collect();
            while !waiting.is_empty() {
                match self.next(stops).await? {
                    Some((service, Report::Ready)) => _ = waiting.remove(&service),
                    Some(_) => {}
                    None => return Ok(()),
                }
            }
        }
        while self.next(stops).await?.is_some() {}
        Ok(())
    }

    fn start(&mut self, service: usize) {
        let (orders, receiver) = watch::channel(Order::Run);
        self.orders.push(orders);
        tokio::spawn(keeper::keep(self.runnables[service].clone(), self.reports.of(service), receiver));
    }

    /// The next report, shown and written down; `None`: asked to stop.
    async fn next(&mut self, stops: &mut mpsc::Receiver<()>) -> Result<Option<(usize, Report)>> {
        tokio::select! {
            _ = stops.recv() => Ok(None),
            Some(report) = self.reports.next() => self.take(report).map(Some),
        }
    }

    fn take(&mut self, report: (usize, Report)) -> Result<(usize, Report)> {
        match report {
            (_, Report::Event(ref event)) => (self.emit)(event)?,
            (_, Report::Started(ref identity)) => self.record.add(identity.clone())?,
            (_, Report::Ready) => {}
            (service, Report::Over(end)) => {
                self.over.insert(service);
                let name = &self.runnables[service].name;
                match end {
                    End::Stopped => (self.emit)(&Event::Stopped { service: name.clone() })?,
                    End::Failed(error) => return Err(error),
                    End::Overdue => {
                        let seconds = drain_time().as_secs();
                        return Err(Error::failed(format!(
                            "{name} did not end within {seconds} seconds and was killed"
                        ))
                        .cause("it was asked by SIGTERM to finish what it does, and to end"));
                    }
                }
                return Ok((service, Report::Over(End::Stopped)));
            }
        }
        Ok(report)
    }

    /// Ends all services in reverse order, wave by wave; stopped again, all at once.
    async fn stop(&mut self, stops: &mut mpsc::Receiver<()>) -> Result<()> {
        let mut result = Ok(());
        for wave in self.waves.clone().into_iter().rev() {
            let running: Vec<usize> = wave.into_iter().filter(|i| self.runs(*i)).collect();
            let names: Vec<&str> = running.iter().map(|i| self.runnables[*i].name.as_str()).collect();
            if names.is_empty() {
                continue;
            }
            let task = self.progress.task(&format!("stopping {}", names.join(", ")));
            task.update("(Ctrl-C again: at once)");
            for service in &running {
                self.orders[*service].send_replace(Order::Drain);
            }
            while running.iter().any(|i| self.runs(*i)) {
                match self.next(stops).await {
                    Ok(Some(_)) => {}
                    Ok(None) => {
                        self.kill().await;
                        return Err(Error::interrupted());
                    }
                    Err(error) => result = result.and(Err(error)),
                }
            }
        }
        result
    }

    async fn kill(&mut self) {
        for order in &self.orders {
            order.send_replace(Order::Kill);
        }
        while (0..self.orders.len()).any(|i| self.runs(i)) {
            let Some(report) = self.reports.next().await else { break };
            // Nothing is worth telling any more.
            if let (service, Report::Over(_)) = report {
                self.over.insert(service);
            }
        }
    }

    fn runs(&self, service: usize) -> bool {
        service < self.orders.len() && !self.over.contains(&service)
    }
}
