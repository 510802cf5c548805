//! Waits for rollouts: watches the namespace until every Deployment has its verdict, telling what each waits for.

mod running;
mod sight;

use std::time::Duration;

use futures_util::StreamExt as _;
use jiff::Timestamp;
use k8s_openapi::api::core::v1::Event;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep, timeout_at};

use super::client::Cluster;
use super::verdict::Verdict;
use super::watch::{Board, watch};
use crate::error::{Error, Result};
use crate::progress::Progress;
use running::Running;
use sight::Sight;

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
        let looked = Instant::now();
        needs_up = needs_up.or_else(|| backing_up(&running).then(Timestamp::now));
        let sight = Sight::of(&board);
        for r in running.iter_mut().filter(|r| matches!(r.verdict, Verdict::Waiting { .. })) {
            r.look(&sight, since, needs_up, begun, progress);
        }
        if running.iter().any(|r| matches!(r.verdict, Verdict::Failed(_))) {
            end = end.min(Instant::now() + GRACE);
        }
        // Where much is going on, news are gathered meanwhile, so that looking never takes all of the time.
        sleep(looked.elapsed() * 4).await;
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
