//! Probes that fail: how long until it is certain that they will not succeed.

use jiff::{SignedDuration, Timestamp};
use k8s_openapi::api::core::v1::{Container, Event, Pod, Probe};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

use super::{Look, Problem, when};

/// Being not ready may pass (a cache warms up, a database comes): it gets at least this long.
const PATIENCE: SignedDuration = SignedDuration::from_secs(30);

/// A question that the kubelet asks a container that is not ready.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asked {
    /// Has it started?
    Startup,
    /// Should it get requests?
    Readiness,
}

/// What a probe met that has failed, though it may still succeed: "its startup probe (GET /livez on port 9090) fails: ..".
pub(super) fn fails(pod: &Pod, container: &Container, asked: Asked, look: &Look<'_>) -> Option<String> {
    let (which, begins, probe) = match asked {
        Asked::Startup => ("startup", "Startup probe", &container.startup_probe),
        Asked::Readiness => ("readiness", "Readiness probe", &container.readiness_probe),
    };
    let failing = event(pod, look, "Unhealthy", begins)?;
    Some(told(which, probe.as_ref()?, container, Some(failing)))
}

/// The time after which a probe that only failed is beyond its own bounds, in seconds.
fn bound(probe: &Probe) -> i32 {
    let delay = probe.initial_delay_seconds.unwrap_or(0);
    let period = probe.period_seconds.unwrap_or(10).max(1);
    let timeout = probe.timeout_seconds.unwrap_or(1);
    let tries = probe.failure_threshold.unwrap_or(3) + probe.success_threshold.unwrap_or(1) - 3;
    delay + period + 2 * timeout + tries.max(0) * period + period / 2
}

/// What is wrong with a container that runs and is not ready, once it is certain.
pub(super) fn readiness(pod: &Pod, container: &Container, running: Timestamp, look: &Look<'_>) -> Option<Problem> {
    let probe = container.readiness_probe.as_ref()?;
    let needs_up = look.needs_up?;
    let failing = event(pod, look, "Unhealthy", "Readiness probe");
    let begun = failing.and_then(when::first).unwrap_or_else(|| {
        let startup = container.startup_probe.as_ref().map_or(0, bound);
        running + SignedDuration::from_secs(startup.into())
    });
    let since = begun.max(needs_up).max(look.since).max(running);
    let patience = SignedDuration::from_secs(bound(probe).into()).max(PATIENCE);
    (look.now.duration_since(since) > patience).then(|| {
        Problem::new(
            "NotReady",
            format!("it runs, but does not become ready: {}", told("readiness", probe, container, failing)),
        )
        .hint("readiness fails while something that the service needs is away: see its log")
    })
}

/// The probe that had the container killed last, if one did.
pub(super) fn killed_by(pod: &Pod, container: &Container, look: &Look<'_>) -> Option<Problem> {
    let killing = event(pod, look, "Killing", "failed")?;
    let text = killing.message.as_deref().unwrap_or_default();
    if text.contains("startup probe") {
        let probe = container.startup_probe.as_ref()?;
        let failing = event(pod, look, "Unhealthy", "Startup probe");
        Some(
            Problem::new(
                "StartupProbeFailed",
                format!("it does not start up: {}", told("startup", probe, container, failing)),
            )
            .hint("does it listen on that port? its log may say what it waits for"),
        )
    } else if text.contains("liveness probe") {
        let probe = container.liveness_probe.as_ref()?;
        let failing = event(pod, look, "Unhealthy", "Liveness probe");
        let message = format!("it is restarted as it does not answer: {}", told("liveness", probe, container, failing));
        Some(Problem::new("LivenessProbeFailed", message).hint("does it hang, or is it starved of CPU?"))
    } else {
        None
    }
}

/// The newest event of a pod by reason and the beginning or part of its message.
fn event<'a>(pod: &Pod, look: &Look<'a>, reason: &str, part: &str) -> Option<&'a Event> {
    let ours = look.events.iter().copied().filter(|e| e.involved_object.uid == pod.metadata.uid);
    ours.filter(|e| e.reason.as_deref() == Some(reason) && e.message.as_deref().is_some_and(|m| m.contains(part)))
        .max_by_key(|e| when::last(e))
}

/// "its readiness probe (GET /readyz on port 9090) fails: HTTP probe failed with statuscode: 503".
fn told(which: &str, probe: &Probe, container: &Container, failing: Option<&Event>) -> String {
    let what = probe.http_get.as_ref().map_or(String::new(), |get| {
        format!(" (GET {} on port {})", get.path.as_deref().unwrap_or("/"), number(&get.port, container))
    });
    let message = failing.and_then(|e| e.message.as_deref());
    let why = message.and_then(|m| m.split_once("probe failed: ")).map_or("", |(_, why)| why.trim());
    let why = short(why);
    let ends = if why.is_empty() { String::new() } else { format!(": {why}") };
    format!("its {which} probe{what} fails{ends}")
}

/// A port's number, where it is called by its name.
fn number(port: &IntOrString, container: &Container) -> String {
    match port {
        IntOrString::Int(number) => number.to_string(),
        IntOrString::String(name) => {
            let named = container.ports.iter().flatten().find(|p| p.name.as_ref() == Some(name));
            named.map_or_else(|| name.clone(), |p| p.container_port.to_string())
        }
    }
}

/// Kubernetes repeats the pod's address; the last part says it.
fn short(why: &str) -> &str {
    if why.contains("connection refused") {
        "connection refused"
    } else if why.contains("context deadline exceeded") || why.contains("Client.Timeout") {
        "no answer in time"
    } else {
        why
    }
}
