//! What the cluster tells of a project's objects: its events, of pods that are gone too.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use futures_util::StreamExt as _;
use jiff::Timestamp;
use k8s_openapi::api::core::v1::Event;
use schemars::JsonSchema;
use serde::Serialize;

use super::client::{Change, Cluster};
use super::{backing, inventory};
use crate::error::Result;
use crate::project::Settings;

/// How often it is looked for objects that are new: others may work in the namespace, too.
const AGAIN: Duration = Duration::from_secs(2);

/// The events of an environment.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Events {
    /// Version of this document: `msvc/v1`.
    pub api_version: &'static str,
    /// `Events`.
    pub kind: &'static str,
    /// The environment; `null` where the project declares none.
    pub environment: Option<String>,
    /// The events, the newest last.
    pub events: Vec<EventReport>,
}

/// An event; those that tell the same of several pods are one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct EventReport {
    /// When it was seen last, RFC 3339.
    pub time: String,
    /// Whether something is wrong.
    pub warning: bool,
    /// In a word: `BackOff`.
    pub reason: String,
    /// The service, or the instance of backing, that it is about; `null`: the project as a whole.
    pub service: Option<String>,
    /// What it is about, the last of several: `Pod/orders-5d9c-x2x`.
    pub object: String,
    /// How many objects it was told of.
    pub objects: usize,
    /// How often it was seen.
    pub count: i32,
    /// What is told.
    pub message: String,
}

/// Which objects are the project's: the names of its Deployments, and all that was applied, with their services.
#[derive(Default)]
struct Names {
    deployments: BTreeMap<String, Option<String>>,
    objects: BTreeMap<(String, String), Option<String>>,
    /// Only these services; none: all.
    selected: Vec<String>,
}

/// The service that an event is about; none: the project as a whole.
#[derive(Debug, PartialEq, Eq)]
struct Owner(Option<String>);

/// The events that the cluster still keeps, usually those of the last hour.
///
/// # Errors
/// The cluster can't be reached, or does not let this user look.
pub async fn events(settings: &Settings, selected: &[String]) -> Result<Events> {
    let cluster = Cluster::connect(settings.context.as_deref(), &settings.namespace).await?;
    let names = Names::read(&cluster, settings, selected).await;
    let found = cluster.list::<Event>("").await?;
    let found = found.iter().filter_map(|event| Some((names.owner(event)?, event)));
    Ok(Events {
        api_version: crate::project::API_VERSION,
        kind: "Events",
        environment: settings.environment.clone(),
        events: grouped(found.map(|(owner, event)| report(event, owner)).collect()),
    })
}

/// Hands over the events that there are, then each that comes, for ever.
///
/// # Errors
/// The cluster can't be reached, or does not let this user look; `show` fails.
pub async fn follow(
    settings: &Settings,
    selected: &[String],
    mut show: impl FnMut(EventReport) -> Result<()>,
) -> Result<()> {
    let cluster = Cluster::connect(settings.context.as_deref(), &settings.namespace).await?;
    let (mut names, mut looked) = (Names::read(&cluster, settings, selected).await, Instant::now());
    let mut changes = Box::pin(cluster.watch::<Event>(""));
    let (mut relisted, mut last): (Option<Vec<EventReport>>, String) = (None, String::new());
    while let Some(change) = changes.next().await {
        match change {
            Ok(Change::Relisting) => relisted = Some(Vec::new()),
            Ok(Change::Is(event)) => {
                if names.owner(&event).is_none() && looked.elapsed() > AGAIN {
                    // A deploy may have brought new objects since.
                    names = Names::read(&cluster, settings, selected).await;
                    looked = Instant::now();
                }
                let Some(report) = names.owner(&event).map(|owner| report(&event, owner)) else { continue };
                match &mut relisted {
                    // After a lost connection, what was told already comes again.
                    Some(all) if report.time > last => all.push(report),
                    Some(_) => {}
                    None => {
                        last = last.max(report.time.clone());
                        show(report)?;
                    }
                }
            }
            Ok(Change::Listed) => {
                for report in grouped(relisted.take().unwrap_or_default()) {
                    last = last.max(report.time.clone());
                    show(report)?;
                }
            }
            Err(e) if last.is_empty() && relisted.is_none() => return Err(e),
            // A cluster that was there may come back.
            Err(_) | Ok(Change::Gone(_)) => {}
        }
    }
    Ok(())
}

impl Names {
    /// From what was applied, and where that can't be read, from what the project says.
    async fn read(cluster: &Cluster, settings: &Settings, selected: &[String]) -> Self {
        let applied = inventory::read(cluster, &settings.project).await.ok().flatten().unwrap_or_default();
        let services = settings.services.iter().map(|s| s.service.name.to_string());
        let mut names = Self { selected: selected.to_vec(), ..Self::default() };
        names.deployments.extend(services.map(|name| (name.clone(), Some(name))));
        names.deployments.extend(backing::names(settings).into_iter().map(|name| (name.clone(), Some(name))));
        for entry in applied.0 {
            let service = entry.service.or_else(|| (entry.id.kind == "Deployment").then(|| entry.id.name.clone()));
            if entry.id.kind == "Deployment" {
                names.deployments.insert(entry.id.name.clone(), service.clone());
            }
            names.objects.insert((entry.id.kind, entry.id.name), service);
        }
        names
    }

    /// What an event is about; `None`: it is not the project's.
    fn owner(&self, event: &Event) -> Option<Owner> {
        let about = &event.involved_object;
        let (kind, name) = (about.kind.as_deref()?, about.name.as_deref()?);
        let made = || self.deployments.iter().find(|(of, _)| made_by(of, name)).map(|(_, service)| service);
        let service = match kind {
            "Pod" | "ReplicaSet" => made()?,
            "Deployment" => self.deployments.get(name)?,
            _ => self.objects.get(&(kind.to_owned(), name.to_owned()))?,
        };
        let wanted = self.selected.is_empty() || service.as_ref().is_some_and(|s| self.selected.contains(s));
        wanted.then(|| Owner(service.clone()))
    }
}

/// Whether the cluster made a ReplicaSet or pod of that name for a Deployment. Its pods may be gone, so nobody is asked.
pub(super) fn made_by(deployment: &str, name: &str) -> bool {
    let Some(rest) = name.strip_prefix(deployment).and_then(|rest| rest.strip_prefix('-')) else { return false };
    // Both are written without vowels and digits that look like letters, so that they form no words.
    let random = |part: &str, length: std::ops::RangeInclusive<usize>| {
        length.contains(&part.len()) && part.chars().all(|c| "bcdfghjklmnpqrstvwxz2456789".contains(c))
    };
    match rest.split_once('-') {
        None => random(rest, 6..=10),
        Some((set, pod)) => random(set, 6..=10) && random(pod, 5..=5),
    }
}

fn report(event: &Event, Owner(service): Owner) -> EventReport {
    let about = &event.involved_object;
    let series = event.series.as_ref();
    let newest = series.and_then(|s| s.last_observed_time.as_ref()).map(|t| t.0);
    let newest = newest.or_else(|| event.last_timestamp.as_ref().map(|t| t.0));
    let newest = newest.or_else(|| event.event_time.as_ref().map(|t| t.0));
    let newest = newest.or_else(|| event.metadata.creation_timestamp.as_ref().map(|t| t.0));
    EventReport {
        // All of one length, so that they sort as text.
        time: format!("{:.3}", newest.unwrap_or(Timestamp::UNIX_EPOCH)),
        warning: event.type_.as_deref() == Some("Warning"),
        reason: event.reason.clone().unwrap_or_default(),
        service,
        object: format!("{}/{}", about.kind.as_deref().unwrap_or_default(), about.name.as_deref().unwrap_or_default()),
        objects: 1,
        count: series.and_then(|s| s.count).or(event.count).unwrap_or(1).max(1),
        message: event.message.as_deref().unwrap_or_default().trim().to_owned(),
    }
}

/// The newest last; what is told of several pods of a service in the same words is one.
fn grouped(mut events: Vec<EventReport>) -> Vec<EventReport> {
    events.sort_by(|a, b| a.time.cmp(&b.time));
    let mut groups: Vec<(String, EventReport)> = Vec::new();
    for event in events {
        let (kind, name) = event.object.split_once('/').unwrap_or_default();
        let same = format!("{kind} {:?} {} {}", event.service, event.reason, event.message.replace(name, ""));
        // It moves to the end, where its newest belongs.
        let before = groups.iter().position(|(key, _)| *key == same).map(|at| groups.remove(at).1);
        let (objects, count) = before.map_or((0, 0), |b| (b.objects - usize::from(b.object == event.object), b.count));
        groups.push((same, EventReport { objects: event.objects + objects, count: event.count + count, ..event }));
    }
    groups.into_iter().map(|(_, event)| event).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn pods_and_replica_sets_are_known_by_their_names() {
        assert!(made_by("orders", "orders-5d9c7bf8x2"));
        assert!(made_by("orders", "orders-5d9c7bf8x2-x7k2v"));
        assert!(made_by("orders-postgres", "orders-postgres-5d9c7bf8x2-x7k2v"));
        for other in ["orders", "orders-postgres-5d9c7bf8x2-x7k2v", "orders-worker", "order-5d9c7bf8x2", "orders-x-y-z"]
        {
            assert!(!made_by("orders", other), "{other}");
        }
    }

    #[test]
    fn the_same_of_several_pods_is_told_once() {
        let event = |second: u32, pod: &str, reason: &str| EventReport {
            time: format!("2026-01-31T10:00:0{second}Z"),
            warning: true,
            reason: reason.into(),
            service: Some("orders".into()),
            object: format!("Pod/{pod}"),
            objects: 1,
            count: 2,
            message: format!("could not start {pod}"),
        };
        let told = grouped(vec![event(3, "pod-b", "Failed"), event(1, "pod-a", "Failed"), event(2, "pod-a", "Pulled")]);
        let told: Vec<(&str, usize, i32, &str)> =
            told.iter().map(|e| (e.reason.as_str(), e.objects, e.count, e.object.as_str())).collect();
        assert_eq!(told, [("Pulled", 1, 2, "Pod/pod-a"), ("Failed", 2, 4, "Pod/pod-b")]);
    }

    #[test]
    fn events_belong_to_what_was_applied_and_what_came_of_it() {
        let about = |kind: &str, name: &str| -> Event {
            serde_json::from_value(json!({"metadata": {}, "involvedObject": {"kind": kind, "name": name}})).unwrap()
        };
        let some = Some("orders".to_owned());
        let mut names = Names {
            deployments: [("orders".to_owned(), some.clone())].into(),
            objects: [(("ConfigMap".to_owned(), "extra".to_owned()), None)].into(),
            selected: Vec::new(),
        };
        assert_eq!(names.owner(&about("Pod", "orders-5d9c7bf8x2-x7k2v")), Some(Owner(some)));
        assert_eq!(names.owner(&about("ConfigMap", "extra")), Some(Owner(None)));
        assert_eq!(names.owner(&about("Pod", "users-5d9c7bf8x2-x7k2v")), None);
        names.selected = vec!["users".to_owned()];
        assert_eq!(names.owner(&about("Deployment", "orders")), None);
    }
}
