//! Containers that end, and are started again.

use k8s_openapi::api::core::v1::{Container, ContainerStateTerminated, ContainerStatus, Pod};

use super::pod::Seen;
use super::{Look, Problem, probe};

/// How many restarts of a pod are put up with.
const BUDGET: i32 = 2;

/// What a container that ended tells, by the way it did last.
pub(super) fn see(pod: &Pod, container: &Container, status: &ContainerStatus, look: &Look<'_>) -> Option<Seen> {
    if status.ready {
        return None;
    }
    let state = status.state.as_ref()?;
    let ended = state.terminated.as_ref().or_else(|| status.last_state.as_ref().and_then(|s| s.terminated.as_ref()))?;
    if let Some(problem) = cannot_start(ended, &status.image) {
        return Some(Seen::Fatal(problem));
    }
    let down = state.running.is_none();
    let spent = status.restart_count > BUDGET || (status.restart_count == BUDGET && down);
    let killed = probe::killed_by(pod, container, look);
    if let Some(problem) = killed {
        // The probe's own thresholds were spent before the container was killed.
        let certain = status.restart_count >= 1 || spent;
        return Some(if certain && look.needs_up.is_some() { Seen::Fatal(problem) } else { Seen::Worry(problem) });
    }
    if !down && !spent {
        return None;
    }
    let problem = ending(container, status, ended);
    Some(if spent { Seen::Fatal(problem) } else { Seen::Worry(problem) })
}

/// The container's program can't be run at all: no restart will help.
fn cannot_start(ended: &ContainerStateTerminated, image: &str) -> Option<Problem> {
    let message = ended.message.as_deref().unwrap_or_default();
    if message.contains("exec format error") {
        let problem =
            Problem::new("ExecFormatError", "the image is built for another kind of processor than the node's");
        return Some(problem.hint("`image.platforms` in msvc.yaml says what it is built for"));
    }
    let missing = ["no such file or directory", "executable file not found", "permission denied"];
    let why = missing.iter().find(|m| message.contains(**m))?;
    (ended.reason.as_deref() == Some("StartError") || ended.exit_code == 128).then(|| {
        Problem::new("StartError", format!("the program of image {image} can't be started ({why})"))
            .hint("does the image's entry point exist in it?")
    })
}

fn ending(container: &Container, status: &ContainerStatus, ended: &ContainerStateTerminated) -> Problem {
    let times = match status.restart_count {
        0 => String::new(),
        1 => ", again after a restart".to_owned(),
        n => format!(", again after {n} restarts"),
    };
    if ended.reason.as_deref() == Some("OOMKilled") {
        let limits = container.resources.as_ref().and_then(|r| r.limits.as_ref());
        let limit = limits.and_then(|l| l.get("memory")).map_or(String::new(), |q| format!(" of {}", q.0));
        return Problem::new("OOMKilled", format!("it needs more memory than its limit{limit} and was killed{times}"))
            .hint("raise `deploy.resources.limits.memory` in msvc.yaml, or have it use less");
    }
    match ended.exit_code {
        0 => Problem::new("Completed", format!("its process ends by itself with exit code 0{times}"))
            .hint("a service must go on running"),
        code => {
            Problem::new("CrashLoopBackOff", format!("its process ends with exit code {code}{}{times}", meaning(code)))
                .hint("the last lines of its log say why; mend it, build it and deploy again")
        }
    }
}

/// What is usually behind an exit code, where there is such a custom.
fn meaning(code: i32) -> &'static str {
    match code {
        101 => " (a panic)",
        134 => " (it aborted itself)",
        137 => " (it was killed)",
        139 => " (it touched memory that is not its own)",
        _ => "",
    }
}
