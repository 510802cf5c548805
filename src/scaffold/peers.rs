//! The services of a system as others see them who call them: where each is, and by which contract.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::{Value, json};

use super::contract::{self, Protocol};
use crate::project::{DnsLabel, Project, Service};

/// Services by how they are called.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Peers {
    /// Those that can be called by a generated client.
    callable: BTreeMap<DnsLabel, Peer>,
    /// Those that speak gRPC.
    grpc: BTreeSet<DnsLabel>,
}

/// A service that can be called by a generated client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Peer {
    port: u16,
    protocol: Protocol,
}

impl Peers {
    /// Those of a project.
    #[must_use]
    pub fn of(project: &Project) -> Self {
        let mut peers = Self::default();
        for file in &project.services {
            peers.insert(&file.service, |protocol| has_contract(&file.dir, protocol));
        }
        peers
    }

    /// Adds a service, which may have committed a contract.
    pub fn insert(&mut self, service: &Service, has_contract: impl Fn(Protocol) -> bool) {
        let protocol = Protocol::of(service);
        if protocol == Protocol::Grpc {
            self.grpc.insert(service.name.clone());
        }
        if has_contract(protocol) {
            self.callable.insert(service.name.clone(), Peer { port: service.port.number(), protocol });
        }
    }

    /// Those that speak gRPC of those that `service` calls.
    pub fn by_grpc(&self, service: &Service) -> impl Iterator<Item = &DnsLabel> {
        self.grpc.iter().filter(|name| service.calls_service(name))
    }

    /// Those of them for which no client can be made.
    pub fn without_contract(&self, service: &Service) -> impl Iterator<Item = &DnsLabel> {
        self.by_grpc(service).filter(|name| !self.callable.contains_key(*name))
    }

    /// Those that `service` calls by a generated client, in the order of their names, and how.
    #[must_use]
    pub fn called_by(&self, service: &Service) -> Vec<(DnsLabel, Protocol)> {
        let called = self.callable.iter().filter(|(name, _)| service.calls_service(name));
        called.map(|(name, peer)| (name.clone(), peer.protocol)).collect()
    }

    /// The field of the client of `service`, and how that is called, if there is one.
    #[must_use]
    pub fn client(&self, service: &str) -> Option<(String, Protocol)> {
        let (_, peer) = self.callable.iter().find(|(name, _)| name.as_str() == service)?;
        Some((field_of(service), peer.protocol))
    }

    /// What templates see of the clients of `service`.
    #[must_use]
    pub fn context(&self, service: &Service) -> Value {
        let client = |(name, peer): (&DnsLabel, &Peer)| {
            let field = field_of(name.as_str());
            json!({
                "service": name,
                "crate": crate_of(name),
                "module": format!("{field}_client"),
                "field": field,
                "variable": name.url_variable(),
                "port": peer.port,
                "grpc": peer.protocol == Protocol::Grpc,
            })
        };
        self.callable.iter().filter(|(name, _)| service.calls_service(name)).map(client).collect()
    }
}

/// Whether the service in `dir` has committed a contract of this kind.
fn has_contract(dir: &Path, protocol: Protocol) -> bool {
    match protocol {
        Protocol::Http => dir.join(contract::OPENAPI).is_file(),
        Protocol::Grpc => !contract::protos(dir).is_empty(),
    }
}

/// What a service's client is called beside those of others.
fn field_of(service: &str) -> String {
    service.replace('-', "_")
}

/// The crate by which a service is called.
#[must_use]
pub fn crate_of(service: &DnsLabel) -> String {
    format!("{service}-client")
}
