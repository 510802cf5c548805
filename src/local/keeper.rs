//! Keeps one service alive: starts it, waits until it is ready, starts it again when it ends by itself, and ends it
//! in order when asked.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Notify, watch};
use tokio::time::{Instant, sleep};

use super::event::Event;
use super::process::Process;
use super::report::{End, Report, Reporter};
use super::{Runnable, probe};
use crate::error::Error;

/// Drain time of a service where `SHUTDOWN_TIMEOUT` says nothing else.
const DRAIN: Duration = Duration::from_secs(20);
/// What a service may need beyond its drain time.
const MARGIN: Duration = Duration::from_secs(5);
/// Pause between an end and the next start, the first time.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
/// Longest pause between an end and the next start.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// A service that ran this long starts again without a long pause.
const STEADY: Duration = Duration::from_mins(1);

/// What the supervisor wants of a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Order {
    /// It shall run.
    Run,
    /// It shall finish what it does, and end.
    Drain,
    /// It shall be gone.
    Kill,
}

/// What ended a process.
enum Outcome {
    /// It ended by itself.
    Ended(String),
    /// It was never ready; what it answered last.
    NeverReady(String),
    /// It was asked to end.
    Asked,
    /// Another one takes its place.
    Replaced,
}

/// How long a service gets to end after it was asked to.
pub(super) fn drain_time() -> Duration {
    let told = std::env::var("SHUTDOWN_TIMEOUT").ok().and_then(|seconds| seconds.parse().ok());
    told.map_or(DRAIN, Duration::from_secs) + MARGIN
}

/// Keeps `service` alive until ordered otherwise, or until its first start fails. `again`: it is to be started anew.
pub(super) async fn keep(
    service: Runnable,
    reporter: Reporter,
    mut orders: watch::Receiver<Order>,
    again: Arc<Notify>,
) {
    let mut was_ready = false;
    let mut pause = FIRST_PAUSE;
    let end = loop {
        let mut process = match Process::start(&service, &reporter) {
            Ok(process) => process,
            Err(error) => break End::Failed(error),
        };
        reporter.tell(Report::Started(process.identity.clone())).await;
        let since = Instant::now();
        match live(&service, &mut process, &reporter, &mut orders, &again, &mut was_ready).await {
            Outcome::Asked => break stop(&mut process, &mut orders).await,
            Outcome::Replaced => {
                stop(&mut process, &mut orders).await;
                if *orders.borrow() > Order::Run {
                    break End::Stopped;
                }
                pause = FIRST_PAUSE;
                continue;
            }
            Outcome::NeverReady(answer) => {
                let error = Error::failed(format!(
                    "{} was not ready within {} seconds",
                    service.name,
                    probe::PATIENCE.as_secs()
                ));
                stop(&mut process, &mut orders).await;
                break End::Failed(error.cause(answer));
            }
            Outcome::Ended(status) if !was_ready => break End::Failed(ended_early(&service, &process, &status)),
            Outcome::Ended(status) => {
                if since.elapsed() >= STEADY {
                    pause = FIRST_PAUSE;
                }
                reporter.tell(Report::Event(exited(&service, &process, status, pause))).await;
            }
        }
        tokio::select! {
            () = sleep(pause) => pause = (pause * 2).min(LONGEST_PAUSE),
            () = again.notified() => pause = FIRST_PAUSE,
            () = ordered(&mut orders, Order::Drain) => break End::Stopped,
        }
    };
    reporter.tell(Report::Over(end)).await;
}

async fn live(
    service: &Runnable,
    process: &mut Process,
    reporter: &Reporter,
    orders: &mut watch::Receiver<Order>,
    again: &Notify,
    was_ready: &mut bool,
) -> Outcome {
    tokio::select! {
        biased;
        () = ordered(orders, Order::Drain) => return Outcome::Asked,
        () = again.notified() => return Outcome::Replaced,
        status = process.ended() => return Outcome::Ended(status),
        ready = probe::until_ready(service.management) => match ready {
            Ok(()) => {
                *was_ready = true;
                reporter.tell(Report::Event(ready_event(service).await)).await;
                reporter.tell(Report::Ready).await;
            }
            Err(answer) if !*was_ready => return Outcome::NeverReady(answer),
            Err(_) => {}
        },
    }
    tokio::select! {
        biased;
        () = ordered(orders, Order::Drain) => Outcome::Asked,
        () = again.notified() => Outcome::Replaced,
        status = process.ended() => Outcome::Ended(status),
    }
}

/// Ends when the order is `least` or a stricter one.
async fn ordered(orders: &mut watch::Receiver<Order>, least: Order) {
    // A supervisor that is gone orders nothing, and nothing shall outlive it.
    let _ = orders.wait_for(|order| *order >= least).await;
}

/// Ends a process: asks, waits for its drain, kills. An order to kill cuts that short.
async fn stop(process: &mut Process, orders: &mut watch::Receiver<Order>) -> End {
    process.terminate();
    let end = tokio::select! {
        _ = process.ended() => return End::Stopped,
        () = ordered(orders, Order::Kill) => End::Stopped,
        () = sleep(drain_time()) => End::Overdue,
    };
    process.kill();
    process.ended().await;
    end
}

async fn ready_event(service: &Runnable) -> Event {
    let address = |port| format!("http://127.0.0.1:{port}");
    let docs = !service.grpc && probe::get(service.port, "/docs").await.is_ok_and(|(status, _)| status == 200);
    Event::Ready {
        service: service.name.clone(),
        url: address(service.port),
        management: address(service.management),
        docs: docs.then(|| "/docs".to_owned()),
        hint: service.grpc.then(|| format!("grpcurl -plaintext 127.0.0.1:{} list", service.port)),
    }
}

fn exited(service: &Runnable, process: &Process, status: String, pause: Duration) -> Event {
    Event::Exited {
        service: service.name.clone(),
        status,
        restart_seconds: pause.as_secs(),
        last_lines: process.last_lines(),
    }
}

fn ended_early(service: &Runnable, process: &Process, status: &str) -> Error {
    let error = Error::failed(format!("{} ended before it was ready", service.name)).cause(status);
    match process.last_lines().join("\n") {
        none if none.is_empty() => error,
        lines => error.cause(format!("its last lines:\n{lines}")),
    }
}
