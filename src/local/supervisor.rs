//! Keeps what was prepared running: starts in order, tells what happens, replaces what was built anew, ends in reverse
//! order.

use std::collections::BTreeSet;
use std::sync::Arc;

use tokio::sync::{Notify, mpsc, watch};

use super::Runnable;
use super::event::Event;
use super::keeper::{self, Order, drain_time};
use super::leftovers::Record;
use super::ports::Ports;
use super::rebuild::{self, Building, Rebuild};
use super::report::{End, Report, Reports};
use crate::error::{Error, Result};
use crate::progress::Progress;

/// What runs.
pub(super) struct Supervisor<'a> {
    runnables: Vec<Runnable>,
    /// Numbers of the services that are started together.
    waves: Vec<Vec<usize>>,
    /// To the keepers of the services started so far.
    orders: Vec<watch::Sender<Order>>,
    /// Tells the keepers of all services, by their numbers, to start anew.
    again: Vec<Arc<Notify>>,
    /// Numbers of the services whose keepers are done.
    over: BTreeSet<usize>,
    reports: Reports,
    record: Record,
    _ports: Vec<Ports>,
    emit: &'a (dyn Fn(&Event) -> Result<()> + Sync),
}

impl<'a> Supervisor<'a> {
    /// Of `runnables`, whose numbers `waves` name.
    pub(super) fn new(
        runnables: Vec<Runnable>,
        waves: Vec<Vec<usize>>,
        record: Record,
        ports: Vec<Ports>,
        emit: &'a (dyn Fn(&Event) -> Result<()> + Sync),
    ) -> Self {
        let again = runnables.iter().map(|_| Arc::default()).collect();
        let (orders, over, reports) = (Vec::new(), BTreeSet::new(), Reports::new());
        Self { runnables, waves, orders, again, over, reports, record, _ports: ports, emit }
    }

    /// Starts all, and ends all when asked to or when something fails.
    ///
    /// # Errors
    /// A service can't be started, or had to be killed (exit code 1); stopped for the second time (130).
    pub(super) async fn run(
        mut self,
        rebuild: Option<Rebuild<'_>>,
        progress: &dyn Progress,
        stops: &mut mpsc::Receiver<()>,
    ) -> Result<()> {
        let result = self.start_and_watch(rebuild, progress, stops).await;
        // Whatever happened, nothing stays behind.
        let stopped = self.stop(stops).await;
        result.and(stopped)
    }

    /// Starts wave after wave and shows what happens, until asked to stop (`Ok`) or something fails.
    async fn start_and_watch(
        &mut self,
        rebuild: Option<Rebuild<'_>>,
        progress: &dyn Progress,
        stops: &mut mpsc::Receiver<()>,
    ) -> Result<()> {
        let services = self.runnables.iter().map(|runnable| runnable.name.clone()).collect();
        (self.emit)(&Event::Begun { services })?;
        for wave in self.waves.clone() {
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
        match rebuild {
            Some(rebuild) => return self.follow(rebuild, progress, stops).await,
            None => while self.next(stops).await?.is_some() {},
        }
        Ok(())
    }

    /// Shows what happens, builds what changed and starts it anew, until asked to stop.
    async fn follow(
        &mut self,
        mut rebuild: Rebuild<'_>,
        progress: &dyn Progress,
        stops: &mut mpsc::Receiver<()>,
    ) -> Result<()> {
        let mut building: Option<Building> = None;
        loop {
            tokio::select! {
                report = self.next(stops) => if report?.is_none() {
                    return Ok(());
                },
                files = rebuild.changed(), if building.is_none() => {
                    for file in rebuild.declarations(&files) {
                        progress.message(&format!("{file} changed: the next `msvc up` goes by it"));
                    }
                    for service in rebuild.settings(&files) {
                        self.replace(service, ".env changed")?;
                    }
                    building = Some(rebuild.build(progress));
                }
                built = rebuild::ended(&mut building) => {
                    building = None;
                    if let Err(error) = built {
                        (self.emit)(&Event::Broken { message: error.message, causes: error.causes })?;
                    }
                    // Of several services, those that do build.
                    for service in rebuild.replaced() {
                        self.replace(service, "rebuilt")?;
                    }
                }
            }
        }
    }

    fn replace(&self, service: usize, reason: &str) -> Result<()> {
        self.again[service].notify_one();
        (self.emit)(&Event::Replaced { service: self.runnables[service].name.clone(), reason: reason.to_owned() })
    }

    fn start(&mut self, service: usize) {
        let (orders, receiver) = watch::channel(Order::Run);
        self.orders.push(orders);
        let (runnable, again) = (self.runnables[service].clone(), self.again[service].clone());
        tokio::spawn(keeper::keep(runnable, self.reports.of(service), receiver, again));
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
            (_, Report::Started(ref identity)) => {
                self.record.add(identity.clone())?;
                (self.emit)(&Event::Starting { service: identity.service.clone() })?;
            }
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
            for service in &running {
                self.orders[*service].send_replace(Order::Drain);
                let told = (self.emit)(&Event::Stopping { service: self.runnables[*service].name.clone() });
                result = result.and(told);
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
