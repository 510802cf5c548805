//! What is told of a failed rollout besides its sentence: the last lines of the log and the events.

use jiff::Timestamp;
use k8s_openapi::api::core::v1::Event;

use super::client::Cluster;
use super::rollout::Ended;
use super::verdict::{Place, Problem, Verdict};
use crate::error::Error;

/// How many lines of log, and how many events.
const LINES: i64 = 15;
const EVENTS: usize = 5;

/// The error that tells why the rollouts in `ended` failed, the evidence of each below it. `standing` is what the
/// user still has ("the pods of before keep serving").
pub async fn failure(cluster: &Cluster, ended: &[Ended], what: &str, standing: Option<&str>) -> Error {
    let failed: Vec<(&Ended, &Problem)> = ended
        .iter()
        .filter_map(|e| match &e.verdict {
            Verdict::Failed(problem) => Some((e, problem)),
            _ => None,
        })
        .collect();
    let mut error = match failed.as_slice() {
        [(only, problem)] => Error::failed(format!("{what} failed: {}: {}", only.target.name, problem.sentence())),
        several => {
            let names: Vec<&str> = several.iter().map(|(e, _)| e.target.name.as_str()).collect();
            let error = Error::failed(format!("{what} failed: {}", names.join(", ")));
            several.iter().fold(error, |error, (e, p)| error.cause(format!("{}: {}", e.target.name, p.sentence())))
        }
    };
    for (ended, problem) in &failed {
        if let Some(place) = problem.place.as_ref().filter(|p| p.ran)
            && let Some(log) = last_words(cluster, place).await
        {
            error = error.cause(log);
        }
        if !ended.events.is_empty() {
            error = error.cause(told(&ended.events, Timestamp::now()));
        }
        if let Some(hint) = &problem.hint
            && !error.hints.contains(hint)
        {
            error = error.hint(hint.clone());
        }
    }
    standing.into_iter().fold(error, Error::hint)
}

/// The last lines of a container, of the one before its restart if that is the one that failed.
async fn last_words(cluster: &Cluster, place: &Place) -> Option<String> {
    let asked = cluster.last_lines(&place.pod, &place.container, place.restarted, LINES).await;
    let lines = match asked {
        Ok(lines) if !lines.is_empty() || !place.restarted => lines,
        // The previous container may be cleaned up already.
        _ => cluster.last_lines(&place.pod, &place.container, false, LINES).await.ok()?,
    };
    let ended = place.exit_code.map_or(String::new(), |code| format!(", exit code {code}"));
    let head = format!("pod {}{ended}", place.pod);
    let lines: Vec<String> = lines.iter().map(|l| console::strip_ansi_codes(l).into_owned()).collect();
    Some(if lines.is_empty() {
        format!("{head}; its log is empty")
    } else {
        format!("{head}; the last lines of its log:\n{}", lines.join("\n"))
    })
}

fn told(events: &[Event], now: Timestamp) -> String {
    let newest = &events[events.len().saturating_sub(EVENTS)..];
    let line = |e: &Event| {
        let seconds = e.last_timestamp.as_ref().map_or(0, |t| now.duration_since(t.0).as_secs().max(0));
        let reason = e.reason.as_deref().unwrap_or_default();
        format!("{seconds}s ago {reason}: {}", e.message.as_deref().unwrap_or_default().trim())
    };
    let lines: Vec<String> = newest.iter().map(line).collect();
    format!("events:\n{}", lines.join("\n"))
}
