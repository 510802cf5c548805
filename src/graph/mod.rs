//! The project as a picture: its services, the calls and events between them, and which of them store data.

mod layout;
mod mermaid;
mod svg;

use schemars::JsonSchema;
use serde::Serialize;

use crate::project::{DnsLabel, Project, Service};

pub use mermaid::mermaid;
pub use svg::svg;

/// Who calls whom, and who hears from whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Graph {
    /// `msvc/v1`.
    pub api_version: &'static str,
    /// `Graph`.
    pub kind: &'static str,
    /// The project's name.
    pub name: String,
    /// The services, by name; those of other projects that are called stand behind them.
    pub services: Vec<Node>,
    /// Calls, by caller.
    pub calls: Vec<Call>,
    /// Events on their way, by publisher.
    pub events: Vec<Delivery>,
}

/// A service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Node {
    /// Its name.
    pub name: String,
    /// What it was made from; `None`: it is another project's.
    pub template: Option<String>,
    /// What its API is called by.
    pub protocol: Protocol,
    /// Whether it keeps data in a database of its own.
    pub stores: bool,
    /// Whether it is reached from outside in some environment.
    pub exposed: bool,
}

/// What an API is called by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Protocol {
    /// HTTP with JSON.
    Http,
    /// gRPC.
    Grpc,
}

/// A service calls another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Call {
    /// The caller.
    pub from: String,
    /// The called.
    pub to: String,
}

/// A service hears from another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Delivery {
    /// The publisher.
    pub from: String,
    /// The subscriber.
    pub to: String,
    /// The event.
    pub event: String,
}

/// The graph of a project.
#[must_use]
pub fn of(project: &Project) -> Graph {
    let services: Vec<&Service> = project.services.iter().map(|file| &file.service).collect();
    let mut graph = Graph {
        api_version: crate::project::API_VERSION,
        kind: "Graph",
        name: project.name().to_owned(),
        services: services.iter().map(|service| node(service)).collect(),
        calls: Vec::new(),
        events: Vec::new(),
    };
    for service in &services {
        for called in service.calls() {
            if !graph.services.iter().any(|node| node.name == called.as_str()) {
                graph.services.push(elsewhere(&called));
            }
            graph.calls.push(Call { from: service.name.to_string(), to: called.to_string() });
        }
        for other in &services {
            graph.events.extend(other.hears(service).map(|event| Delivery {
                from: service.name.to_string(),
                to: other.name.to_string(),
                event: event.as_str().to_owned(),
            }));
        }
    }
    graph
}

fn node(service: &Service) -> Node {
    let overlays = service.environments.values().filter_map(|environment| environment.deploy.as_ref());
    let mut deploys = overlays.chain([&service.deploy]);
    Node {
        name: service.name.to_string(),
        template: Some(service.template.name.clone()),
        protocol: if service.speaks_grpc() { Protocol::Grpc } else { Protocol::Http },
        stores: service.stores(),
        exposed: deploys.any(|deploy| deploy.expose.is_some()),
    }
}

fn elsewhere(name: &DnsLabel) -> Node {
    Node { name: name.to_string(), template: None, protocol: Protocol::Http, stores: false, exposed: false }
}

impl Graph {
    /// Pairs of services that events go between, each with all their names.
    fn event_lines(&self) -> Vec<(&str, &str, Vec<&str>)> {
        let mut lines: Vec<(&str, &str, Vec<&str>)> = Vec::new();
        for one in &self.events {
            match lines.iter_mut().find(|(from, to, _)| *from == one.from && *to == one.to) {
                Some((.., events)) => events.push(&one.event),
                None => lines.push((&one.from, &one.to, vec![&one.event])),
            }
        }
        lines
    }
}
