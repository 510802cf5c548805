//! The steps of a running build: shows those worth it, and keeps what they print for the one that fails.

use std::collections::{HashMap, HashSet, VecDeque};

use bollard::moby::buildkit::v1::{StatusResponse, Vertex};

use super::explain;
use crate::error::Error;
use crate::image::secrets::Secret;
use crate::progress::{Progress, Task};

/// How many lines of a failing step are told.
const TAIL: usize = 20;
/// How much of a step's instruction is told, in characters.
const NAME: usize = 100;

/// The steps of one build.
pub(super) struct Steps<'a> {
    service: &'a str,
    progress: &'a dyn Progress,
    /// Text that is shown to nobody, though a step may print it.
    hidden: Vec<String>,
    all: HashMap<String, Step>,
    failed: Option<(String, String)>,
    cached: HashSet<String>,
    done: HashSet<String>,
}

#[derive(Default)]
struct Step {
    name: String,
    shown: Option<Box<dyn Task>>,
    tail: VecDeque<String>,
    /// Text of each stream whose line has not ended yet.
    open: HashMap<i64, Vec<u8>>,
}

impl<'a> Steps<'a> {
    pub(super) fn new(service: &'a str, secrets: &[Secret], progress: &'a dyn Progress) -> Self {
        let mut hidden: Vec<String> = secrets.iter().flat_map(Secret::lines).collect();
        // A line may begin with another one.
        hidden.sort_by_key(|line| std::cmp::Reverse(line.len()));
        let (all, cached, done) = (HashMap::new(), HashSet::new(), HashSet::new());
        Self { service, progress, hidden, all, failed: None, cached, done }
    }

    /// Takes in what the engine tells.
    pub(super) fn take(&mut self, status: StatusResponse) {
        for vertex in status.vertexes {
            self.vertex(vertex);
        }
        for log in status.logs {
            let step = self.all.entry(log.vertex).or_default();
            for line in step.lines(log.stream, &log.msg) {
                let line = without(&self.hidden, line);
                self.progress.detail(&format!("{}: {line}", self.service));
                if let Some(task) = &step.shown {
                    task.update(line.trim());
                }
                step.keep(line);
            }
        }
    }

    fn vertex(&mut self, vertex: Vertex) {
        let step = self.all.entry(vertex.digest.clone()).or_default();
        if !vertex.name.is_empty() {
            step.name = shorten(&vertex.name);
        }
        let worth = !["[internal]", "[auth]", "copy /context"].iter().any(|dull| step.name.starts_with(dull));
        if !vertex.error.is_empty() {
            step.flush(&self.hidden);
            if let Some(task) = step.shown.take() {
                task.failed("");
            }
            // Steps beside it are cancelled; the one that failed by itself is told.
            if self.failed.is_none() && !vertex.error.contains("context canceled") {
                self.failed = Some((vertex.digest, vertex.error));
            }
        } else if vertex.cached {
            step.shown = None;
            if worth && self.cached.insert(vertex.digest.clone()) {
                self.done.insert(vertex.digest);
                self.progress.detail(&format!("{}: cached {}", self.service, step.name));
            }
        } else if vertex.completed.is_some() {
            // An instant step may complete without having been seen to run; a step may complete twice.
            if let Some(task) = step.shown.take() {
                task.done("");
            }
            if worth {
                self.done.insert(vertex.digest);
            }
        } else if vertex.started.is_some() && worth && step.shown.is_none() && !self.done.contains(&vertex.digest) {
            step.shown = Some(self.progress.task(&format!("{} {}", self.service, step.name)));
        }
    }

    /// How many steps there were, and how many came from the cache.
    pub(super) fn counts(&self) -> (usize, usize) {
        (self.done.len(), self.cached.len())
    }

    /// The error of a build that ended with `message`: the step that failed, and the last lines that it printed.
    pub(super) fn failure(&mut self, message: &str) -> Error {
        explain::with_room(self.failed_step(message))
    }

    fn failed_step(&mut self, message: &str) -> Error {
        let Some((digest, error)) = self.failed.take() else {
            return Error::failed(format!("could not build {}", self.service)).cause(short_cause(message));
        };
        let step = self.all.remove(&digest).unwrap_or_default();
        if let Some((_, image)) = step.name.split_once("load metadata for ") {
            return Error::failed(format!("could not build {}: the image {image} can't be had", self.service))
                .cause(short_cause(&error))
                .hint("its Dockerfile stands on it: is the name right, and may the engine pull it for this platform?");
        }
        let what = Error::failed(format!("could not build {}: the step `{}` failed", self.service, step.name));
        let what = what.cause(short_cause(&error));
        if error.contains("secret ") && error.contains("not found") {
            return what.hint("`--secret id=NAME,src=FILE` gives it");
        }
        if step.tail.is_empty() { what } else { what.cause(Vec::from(step.tail).join("\n")) }
    }
}

impl Step {
    /// The lines that end with `chunk`; what remains waits for the next chunk.
    fn lines(&mut self, stream: i64, chunk: &[u8]) -> Vec<String> {
        let open = self.open.entry(stream).or_default();
        open.extend_from_slice(chunk);
        let Some(end) = open.iter().rposition(|b| *b == b'\n') else { return Vec::new() };
        let rest = open.split_off(end + 1);
        let complete = std::mem::replace(open, rest);
        String::from_utf8_lossy(&complete).lines().map(plain).collect()
    }

    fn flush(&mut self, hidden: &[String]) {
        for open in std::mem::take(&mut self.open).into_values().filter(|open| !open.is_empty()) {
            self.keep(without(hidden, plain(&String::from_utf8_lossy(&open))));
        }
    }

    fn keep(&mut self, line: String) {
        if line.trim().is_empty() {
            return;
        }
        if self.tail.len() == TAIL {
            self.tail.pop_front();
        }
        self.tail.push_back(line);
    }
}

/// A line as a terminal would show it at its end: without colours, after the last return of the cursor.
fn plain(line: &str) -> String {
    let line = console::strip_ansi_codes(line);
    line.trim_end_matches('\r').rsplit('\r').next().unwrap_or_default().to_owned()
}

/// What a step printed, without secrets.
fn without(hidden: &[String], line: String) -> String {
    hidden.iter().fold(line, |line, secret| if line.contains(secret) { line.replace(secret, "***") } else { line })
}

/// A step's name on one line, without the flags that only the engine cares about.
pub(super) fn shorten(name: &str) -> String {
    let words: Vec<&str> = name.split_whitespace().filter(|word| !word.starts_with("--mount=")).collect();
    let text = words.join(" ");
    match text.char_indices().nth(NAME) {
        Some((end, _)) => format!("{}…", text[..end].trim_end()),
        None => text,
    }
}

/// The engine repeats the whole instruction in front of what went wrong with it.
fn short_cause(message: &str) -> String {
    match message.rsplit_once("]: ") {
        Some((before, cause)) if before.contains("executor failed running [") => cause.to_owned(),
        _ => match message.split_once("did not complete successfully: ") {
            Some((_, cause)) => cause.to_owned(),
            None => message.trim_start_matches("failed to solve with frontend dockerfile.v0: ").to_owned(),
        },
    }
}

#[cfg(test)]
mod tests {
    use bollard::moby::buildkit::v1::{StatusResponse, Vertex, VertexLog};

    use super::{Steps, shorten};
    use crate::progress::Silent;

    fn log(message: &[u8], stream: i64) -> StatusResponse {
        let log = VertexLog { vertex: "a".to_owned(), stream, msg: message.to_vec(), ..VertexLog::default() };
        StatusResponse { logs: vec![log], ..StatusResponse::default() }
    }

    #[test]
    fn a_failing_step_tells_its_last_lines_put_together_from_chunks() {
        let mut steps = Steps::new("orders", &[], &Silent);
        let mut vertex =
            Vertex { digest: "a".to_owned(), name: "[build 2/2] RUN cargo build".to_owned(), ..Vertex::default() };
        steps.take(StatusResponse { vertexes: vec![vertex.clone()], ..StatusResponse::default() });
        for n in 0..30 {
            steps.take(log(format!("line {n}\nerr").as_bytes(), 1));
            steps.take(log(b"or ", 2));
            steps.take(log(b"\r", 1));
        }
        vertex.error = "executor failed running [/bin/sh -c cargo build]: exit code: 101".to_owned();
        steps.take(StatusResponse { vertexes: vec![vertex], ..StatusResponse::default() });
        let error = steps.failure("whatever");
        assert_eq!(error.message, "could not build orders: the step `[build 2/2] RUN cargo build` failed");
        assert_eq!(error.causes[0], "exit code: 101");
        let lines: Vec<&str> = error.causes[1].lines().collect();
        assert_eq!(lines.len(), 20);
        assert!(lines.contains(&"line 29"), "{lines:?}");
    }

    #[test]
    fn names_are_told_on_one_line() {
        assert_eq!(shorten("[a 1/2] RUN --mount=type=cache,target=/t  cargo\n build"), "[a 1/2] RUN cargo build");
        assert_eq!(shorten(&"x".repeat(200)).chars().count(), 101);
    }
}
