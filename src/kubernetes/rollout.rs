//! Waits for rollouts: watches the namespace until every Deployment has its verdict, telling what each waits for.

use std::collections::BTreeMap;
use std::time::Duration;

use futures_util::StreamExt as _;
use jiff::Timestamp;
use k8s_openapi::api::core::v1::Event;
use tokio::time::{Instant, MissedTickBehavior, interval, timeout_at};

use super::client::Cluster;
use super::verdict::{Look, Problem, Verdict, judge};
use super::watch::{Board, watch};
use crate::error::{Error, Result};
use crate::progress::{Progress, Task};

/// How often verdicts that depend on time alone are looked at; the cluster is not asked for it.
const TICK: Duration = Duration::from_secs(1);
/// How long others may still fail after the first did, so that all reasons come at once.
const GRACE: Duration = Duration::from_secs(3);

/// A Deployment whose rollout is waited for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// Its name.
    pub name: String,
    /// The service that it belongs to; `None`: it is backing, which services need.
    pub service: Option<String>,
    /// The generation that was applied.
    pub generation: i64,
    /// The fewest pods that its autoscaler keeps; 0 without one.
    pub minimum: i32,
}

/// How a rollout ended, as far as it did.
#[derive(Debug, Clone)]
pub struct Ended {
    /// Whose.
    pub target: Target,
    /// Done or failed; still waiting where others failed first.
    pub verdict: Verdict,
    /// Seconds until the verdict.
    pub seconds: f64,
    /// The events of its worst pod, the newest last.
    pub events: Vec<Event>,
}

struct Running {
    target: Target,
    task: Option<Box<dyn Task>>,
    verdict: Verdict,
    seconds: f64,
    warned: Option<String>,
}

/// Waits until all targets are done or one failed, at most for `limit`.
///
/// # Errors
/// The namespace can't be watched.
pub async fn wait(
    cluster: &Cluster,
    targets: &[Target],
    since: Timestamp,
    limit: Duration,
    progress: &dyn Progress,
) -> Result<Vec<Ended>> {
    let begun = Instant::now();
    let mut running: Vec<Running> = targets.iter().map(|t| Running::new(t, progress)).collect();
    let mut board = Board::default();
    let mut news = watch(cluster).ready_chunks(512);
    let mut tick = interval(TICK);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut needs_up = None;
    let mut end = begun + limit;
    while !running.iter().all(|r| matches!(r.verdict, Verdict::Done { .. } | Verdict::Failed(_))) {
        let step = async {
            tokio::select! {
                chunk = news.next() => chunk.unwrap_or_default(),
                _ = tick.tick() => Vec::new(),
            }
        };
        let Ok(chunk) = timeout_at(end, step).await else { break };
        let troubles: Vec<Error> = chunk.into_iter().filter_map(|n| board.take(n)).collect();
        for trouble in troubles {
            if !board.complete() && cannot_pass(&trouble) {
                return Err(trouble);
            }
            progress.detail(&trouble.message);
        }
        if !board.complete() {
            continue;
        }
        needs_up = needs_up.or_else(|| backing_up(&running).then(Timestamp::now));
        for r in running.iter_mut().filter(|r| matches!(r.verdict, Verdict::Waiting { .. })) {
            r.look(&board, since, needs_up, begun, progress);
        }
        if running.iter().any(|r| matches!(r.verdict, Verdict::Failed(_))) {
            end = end.min(Instant::now() + GRACE);
        }
    }
    let failed = running.iter().any(|r| matches!(r.verdict, Verdict::Failed(_)));
    Ok(running.into_iter().map(|r| r.end(&board, limit, failed)).collect())
}

/// Being forbidden to look does not pass by waiting.
fn cannot_pass(trouble: &Error) -> bool {
    trouble.message.contains("not allowed")
}

fn backing_up(running: &[Running]) -> bool {
    running.iter().filter(|r| r.target.service.is_none()).all(|r| matches!(r.verdict, Verdict::Done { .. }))
}

impl Running {
    fn new(target: &Target, progress: &dyn Progress) -> Self {
        Self {
            task: Some(progress.task(&target.name)),
            target: target.clone(),
            verdict: Verdict::Waiting { text: "the cluster to take notice".to_owned(), problem: None },
            seconds: 0.0,
            warned: None,
        }
    }

    fn look(
        &mut self,
        board: &Board,
        since: Timestamp,
        needs_up: Option<Timestamp>,
        begun: Instant,
        progress: &dyn Progress,
    ) {
        let name = Some(self.target.name.as_str());
        let Some(deployment) = board.deployments.all().find(|d| d.metadata.name.as_deref() == name) else { return };
        self.verdict = judge(&Look {
            deployment,
            generation: self.target.generation,
            replica_sets: board.replica_sets.all().collect(),
            pods: board.pods.all().collect(),
            events: board.events.all().collect(),
            minimum: self.target.minimum,
            since,
            // Backing needs nothing.
            needs_up: if self.target.service.is_none() { Some(since) } else { needs_up },
            now: Timestamp::now(),
        });
        self.seconds = begun.elapsed().as_secs_f64();
        match &self.verdict {
            Verdict::Waiting { text, problem } => {
                if let Some(task) = &self.task {
                    task.update(text);
                }
                self.warn(problem.clone().as_ref(), progress);
            }
            Verdict::Done { pods } => {
                let text = format!("{pods} {} ready", if *pods == 1 { "pod" } else { "pods" });
                self.task.take().into_iter().for_each(|t| t.done(&text));
            }
            Verdict::Failed(problem) => {
                self.task.take().into_iter().for_each(|t| t.failed(&problem.reason));
            }
        }
    }

    /// A pod without a node is worth a look at once, though a node may come.
    fn warn(&mut self, problem: Option<&Problem>, progress: &dyn Progress) {
        let Some(problem) = problem.filter(|p| p.reason == "Unschedulable") else { return };
        if self.warned.as_ref() != Some(&problem.message) {
            progress.warning(&format!("{}: {}", self.target.name, problem.sentence()));
            self.warned = Some(problem.message.clone());
        }
    }

    /// The verdict when waiting is over: what still waits has failed, unless it was cut short by others.
    fn end(mut self, board: &Board, limit: Duration, others_failed: bool) -> Ended {
        if let Verdict::Waiting { text, problem } = &self.verdict
            && !others_failed
        {
            let problem = problem.clone().unwrap_or_else(|| too_late(text, limit));
            self.task.take().into_iter().for_each(|t| t.failed(&problem.reason));
            self.verdict = Verdict::Failed(problem);
        }
        let events = match &self.verdict {
            Verdict::Failed(problem) => events_of(board, problem, &self.target.name),
            _ => Vec::new(),
        };
        Ended { target: self.target, verdict: self.verdict, seconds: (self.seconds * 10.0).round() / 10.0, events }
    }
}

fn too_late(text: &str, limit: Duration) -> Problem {
    Problem {
        reason: "Timeout".to_owned(),
        message: format!("not done within {} s: {text}", limit.as_secs()),
        hint: Some("`--timeout` gives it longer; `msvc status` tells how it stands".to_owned()),
        place: None,
        share: (0, 0),
    }
}

/// The warnings of the worst pod, or of what should have made pods.
fn events_of(board: &Board, problem: &Problem, deployment: &str) -> Vec<Event> {
    let about = |e: &&Event| {
        let name = e.involved_object.name.as_deref().unwrap_or_default();
        match &problem.place {
            Some(place) => name == place.pod,
            None => name.starts_with(deployment),
        }
    };
    // The same message counts once, at its last time.
    let mut newest: BTreeMap<String, Event> = BTreeMap::new();
    for event in board.events.all().filter(|e| e.type_.as_deref() == Some("Warning")).filter(about) {
        newest.insert(event.message.clone().unwrap_or_default(), event.clone());
    }
    let mut events: Vec<Event> = newest.into_values().collect();
    events.sort_by_key(|e| e.last_timestamp.as_ref().map(|t| t.0));
    events
}
