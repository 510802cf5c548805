//! What one pod of a rollout tells.

use k8s_openapi::api::core::v1::{Container, ContainerStatus, Pod, PodCondition};

use super::probe::{self, Asked};
use super::{Look, Place, Problem, images, restarts, when};

/// What is wrong with a pod.
#[derive(Debug)]
pub(super) enum Seen {
    /// It will not become ready.
    Fatal(Problem),
    /// It may yet.
    Worry(Problem),
}

impl Seen {
    /// The problem, and whether it is fatal.
    pub(super) fn parts(&self) -> (&Problem, bool) {
        match self {
            Self::Fatal(problem) => (problem, true),
            Self::Worry(problem) => (problem, false),
        }
    }

    /// Of a container that the others wait for.
    fn before_all(self, container: &str) -> Self {
        let told = |problem: Problem| {
            let message = format!("in its init container `{container}`, {}", problem.message);
            Problem { message, ..problem }
        };
        match self {
            Self::Fatal(problem) => Self::Fatal(told(problem)),
            Self::Worry(problem) => Self::Worry(told(problem)),
        }
    }

    fn at(self, place: Place) -> Self {
        match self {
            Self::Fatal(problem) => Self::Fatal(Problem { place: Some(place), ..problem }),
            Self::Worry(problem) => Self::Worry(Problem { place: Some(place), ..problem }),
        }
    }
}

/// Whether a pod came to an end that is not its own fault; another takes its place.
pub(super) fn is_tolerated(pod: &Pod) -> bool {
    fate(pod).is_some()
}

fn fate(pod: &Pod) -> Option<&'static str> {
    match pod.status.as_ref()?.reason.as_deref()? {
        "Evicted" => Some("was evicted"),
        "Preempting" => Some("had to make room for others"),
        "Terminated" | "NodeLost" | "NodeShutdown" | "Shutdown" => Some("went with its node"),
        _ => None,
    }
}

/// What is told of a pod that another takes the place of.
pub(in crate::kubernetes) fn replaced(pod: &Pod) -> Option<String> {
    let why = pod.status.as_ref()?.message.as_ref().map_or(String::new(), |message| format!(" ({message})"));
    let name = pod.metadata.name.as_deref().unwrap_or_default();
    Some(format!("pod {name} {}{why}; another takes its place", fate(pod)?))
}

pub(in crate::kubernetes) fn is_ready(pod: &Pod) -> bool {
    condition(pod, "Ready").is_some_and(|c| c.status == "True")
}

/// What is wrong with the pod; `None`: nothing, or it only takes its time.
pub(super) fn see(pod: &Pod, look: &Look<'_>) -> Option<Seen> {
    if let Some(unscheduled) = condition(pod, "PodScheduled")
        && unscheduled.status == "False"
        && unscheduled.reason.as_deref() == Some("Unschedulable")
    {
        let message = unscheduled.message.clone().unwrap_or_default();
        let problem = Problem::new("Unschedulable", format!("no node can take it: {}", first_sentence(&message)));
        let hint = "ask for less under `deploy.resources.requests`, ease `deploy.scheduling`, or add a node";
        return Some(Seen::Worry(problem.hint(hint)).at(nowhere(pod)));
    }
    containers(pod)
        .find_map(|(container, status)| {
            let seen = of_container(pod, container, status, look)?;
            let seen = if runs_first(pod, &container.name) { seen.before_all(&container.name) } else { seen };
            Some(seen.at(place(pod, status)))
        })
        .or_else(|| Some(mount(pod, look)?.at(nowhere(pod))))
}

/// What the pod is doing, while nothing is wrong and it is not ready.
pub(super) fn doing(pod: &Pod, look: &Look<'_>) -> Option<String> {
    if is_ready(pod) {
        return None;
    }
    let statuses = pod.status.as_ref().and_then(|s| s.container_statuses.as_ref());
    let Some(status) = statuses.and_then(|s| s.iter().find(|c| !c.ready)) else {
        return Some("waiting for a node".to_owned());
    };
    let pulling =
        look.events.iter().any(|e| e.involved_object.uid == pod.metadata.uid && e.reason.as_deref() == Some("Pulling"))
            && status.image_id.is_empty();
    let running = status.state.as_ref().is_some_and(|s| s.running.is_some());
    let text = match (running, pulling) {
        (true, _) => {
            let asked = if status.started == Some(true) { Asked::Readiness } else { Asked::Startup };
            let doing = if asked == Asked::Readiness { "waiting for readiness" } else { "starting up" };
            let container = containers(pod).map(|(container, _)| container).find(|c| c.name == status.name);
            let fails = container.and_then(|container| probe::fails(pod, container, asked, look));
            return Some(fails.map_or(doing.to_owned(), |fails| format!("{doing}: {fails}")));
        }
        (false, true) => "pulling the image",
        (false, false) => "making the container",
    };
    Some(text.to_owned())
}

fn of_container(pod: &Pod, container: &Container, status: &ContainerStatus, look: &Look<'_>) -> Option<Seen> {
    let state = status.state.as_ref()?;
    if let Some(waiting) = &state.waiting {
        let (reason, message) =
            (waiting.reason.as_deref().unwrap_or_default(), waiting.message.as_deref().unwrap_or_default());
        if let Some(seen) = images::see(pod, &container_image(container), reason, message, look) {
            return Some(seen);
        }
        if reason == "CreateContainerConfigError" && !message.contains("timed out") {
            return Some(Seen::Fatal(config(message)));
        }
        if reason == "CreateContainerError" || reason == "RunContainerError" {
            let problem = Problem::new(reason, format!("its container can't be made: {message}"));
            return Some(if status.restart_count >= 2 { Seen::Fatal(problem) } else { Seen::Worry(problem) });
        }
    }
    if let Some(seen) = restarts::see(pod, container, status, look) {
        return Some(seen);
    }
    let running = state.running.as_ref().filter(|_| !status.ready && status.started == Some(true))?;
    let since = when::time(running.started_at.as_ref()).unwrap_or(look.since);
    probe::readiness(pod, container, since, look).map(Seen::Fatal)
}

/// A Secret or ConfigMap that is missing, or the key in it.
fn config(message: &str) -> Problem {
    let hint =
        |name: &str| format!("`msvc secret set {name}` makes it; `msvc secret list` shows all that the project needs");
    let quoted = |text: &str| text.split('"').nth(1).unwrap_or_default().to_owned();
    if message.starts_with("secret ") && message.ends_with("not found") {
        let name = quoted(message);
        return Problem::new("SecretMissing", format!("the Secret `{name}` does not exist")).hint(hint(&name));
    }
    if message.starts_with("configmap ") && message.ends_with("not found") {
        return Problem::new("ConfigMapMissing", format!("the ConfigMap `{}` does not exist", quoted(message)))
            .hint("a file named under `deploy.manifests` in msvc.yaml can make it");
    }
    if let Some((key, holder)) = message.strip_prefix("couldn't find key ").and_then(|rest| rest.split_once(" in ")) {
        let (kind, name) = holder.split_once(' ').unwrap_or(("Secret", holder));
        let name = name.rsplit('/').next().unwrap_or(name);
        return Problem::new("KeyMissing", format!("the {kind} `{name}` has no key `{key}`")).hint(hint(name));
    }
    Problem::new("CreateContainerConfigError", format!("its container can't be configured: {message}"))
}

/// A volume of a Secret or ConfigMap that is missing: the container never begins, and only events say why.
fn mount(pod: &Pod, look: &Look<'_>) -> Option<Seen> {
    let failed = look.events.iter().find(|e| {
        let recent = when::last(e).is_none_or(|t| when::not_before(t, look.since));
        e.involved_object.uid == pod.metadata.uid && e.reason.as_deref() == Some("FailedMount") && recent
    })?;
    let message = failed.message.as_deref().unwrap_or_default();
    let what = message.rsplit(" : ").next().unwrap_or(message);
    let missing = what.ends_with("not found") && (what.starts_with("secret ") || what.starts_with("configmap "));
    (missing && !is_ready(pod)).then(|| Seen::Fatal(config(what)))
}

/// Init containers first: the others wait for them.
fn containers(pod: &Pod) -> impl Iterator<Item = (&Container, &ContainerStatus)> {
    let status = pod.status.as_ref();
    let spec = pod.spec.as_ref();
    let init = status.and_then(|s| s.init_container_statuses.as_ref()).into_iter().flatten();
    let main = status.and_then(|s| s.container_statuses.as_ref()).into_iter().flatten();
    let declared = move |name: &str| {
        let spec = spec?;
        spec.init_containers.iter().flatten().chain(&spec.containers).find(|c| c.name == name)
    };
    // An init container that succeeded has ended, as it should.
    let init = init.filter(|s| {
        let done = s.state.as_ref().and_then(|s| s.terminated.as_ref()).is_some_and(|t| t.exit_code == 0);
        !done
    });
    init.chain(main).filter_map(move |status| Some((declared(&status.name)?, status)))
}

fn runs_first(pod: &Pod, container: &str) -> bool {
    let first = pod.spec.as_ref().and_then(|s| s.init_containers.as_ref());
    first.is_some_and(|all| all.iter().any(|c| c.name == container))
}

fn place(pod: &Pod, status: &ContainerStatus) -> Place {
    let now = status.state.as_ref().and_then(|s| s.terminated.as_ref());
    let before = status.last_state.as_ref().and_then(|s| s.terminated.as_ref());
    let running = status.state.as_ref().is_some_and(|s| s.running.is_some());
    Place {
        pod: pod.metadata.name.clone().unwrap_or_default(),
        container: status.name.clone(),
        exit_code: now.or(before).map(|t| t.exit_code),
        restarted: now.is_none() && before.is_some(),
        ran: running || now.or(before).is_some_and(|t| t.reason.as_deref() != Some("StartError")),
    }
}

/// The place of what went wrong before any container was.
fn nowhere(pod: &Pod) -> Place {
    let pod = pod.metadata.name.clone().unwrap_or_default();
    Place { pod, container: String::new(), exit_code: None, restarted: false, ran: false }
}

fn condition<'a>(pod: &'a Pod, kind: &str) -> Option<&'a PodCondition> {
    pod.status.as_ref()?.conditions.as_ref()?.iter().find(|c| c.type_ == kind)
}

fn container_image(container: &Container) -> String {
    container.image.clone().unwrap_or_default()
}

/// The scheduler appends what preemption and resource claims would not do either.
fn first_sentence(message: &str) -> &str {
    let first = [" preemption:", " no new claims"].iter().filter_map(|part| message.find(part)).min();
    message[..first.unwrap_or(message.len())].trim_end_matches(['.', ',', ' '])
}
