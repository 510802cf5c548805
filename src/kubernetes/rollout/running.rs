//! One rollout while it is waited for: its verdict so far, and what is told of it.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use jiff::Timestamp;
use k8s_openapi::api::core::v1::{Event, Pod};
use tokio::time::Instant;

use super::sight::Sight;
use super::{Ended, Target};
use crate::kubernetes::events::made_by;
use crate::kubernetes::verdict::{Look, Problem, Verdict, judge, not_before, replaced, time};
use crate::kubernetes::watch::Board;
use crate::progress::{Progress, Task};

/// A rollout that is waited for.
pub(super) struct Running {
    pub target: Target,
    task: Option<Box<dyn Task>>,
    pub verdict: Verdict,
    seconds: f64,
    warned: Option<String>,
    /// The pods that others took the place of, as far as they were told of.
    replaced: BTreeSet<String>,
}

impl Running {
    pub fn new(target: &Target, progress: &dyn Progress) -> Self {
        Self {
            task: Some(progress.task(&target.name)),
            target: target.clone(),
            verdict: Verdict::Waiting { text: "the cluster to take notice".to_owned(), problem: None },
            seconds: 0.0,
            warned: None,
            replaced: BTreeSet::new(),
        }
    }

    /// Judges by what the namespace looks like now, and tells.
    pub fn look(
        &mut self,
        sight: &Sight<'_>,
        since: Timestamp,
        needs_up: Option<Timestamp>,
        begun: Instant,
        progress: &dyn Progress,
    ) {
        let Some(part) = sight.part(&self.target.name) else { return };
        self.tell_of_replaced(&part.pods, since, progress);
        self.verdict = judge(&Look {
            deployment: part.deployment,
            generation: self.target.generation,
            replica_sets: part.replica_sets,
            pods: part.pods,
            events: part.events,
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

    /// Not this rollout's fault, and good to know where it takes longer for it.
    fn tell_of_replaced(&mut self, pods: &[&Pod], since: Timestamp, progress: &dyn Progress) {
        let new = |pod: &&&Pod| time(pod.metadata.creation_timestamp.as_ref()).is_some_and(|t| not_before(t, since));
        for told in pods.iter().filter(new).filter_map(|pod| replaced(pod)) {
            if !self.replaced.contains(&told) {
                progress.warning(&format!("{}: {told}", self.target.name));
                self.replaced.insert(told);
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
    pub fn end(mut self, board: &Board, limit: Duration, others_failed: bool) -> Ended {
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

/// A message without what differs between equal ones: the names of pods.
fn without_names(message: &str, deployment: &str) -> String {
    let message = message.trim_start_matches("(combined from similar events): ");
    let name = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let words = message.split_inclusive(|c| !name(c)).map(|word| {
        let ours = word.strip_prefix(deployment).is_some_and(|rest| rest.starts_with('-'));
        if ours { "" } else { word }
    });
    words.collect()
}

/// The warnings of the worst pod, or of what should have made pods.
fn events_of(board: &Board, problem: &Problem, deployment: &str) -> Vec<Event> {
    let about = |e: &&Event| {
        let name = e.involved_object.name.as_deref().unwrap_or_default();
        match &problem.place {
            Some(place) => name == place.pod,
            None => name == deployment || made_by(deployment, name),
        }
    };
    // The same message counts once, at its last time.
    let mut newest: BTreeMap<String, Event> = BTreeMap::new();
    for event in board.events.all().filter(|e| e.type_.as_deref() == Some("Warning")).filter(about) {
        let key = without_names(event.message.as_deref().unwrap_or_default(), deployment);
        let time = |e: &Event| e.last_timestamp.as_ref().map(|t| t.0);
        if newest.get(&key).is_none_or(|known| time(known) <= time(event)) {
            newest.insert(key, event.clone());
        }
    }
    let mut events: Vec<Event> = newest.into_values().collect();
    events.sort_by_key(|e| e.last_timestamp.as_ref().map(|t| t.0));
    events
}
