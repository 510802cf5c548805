//! The services of a system as others see them who call them: where each is, and by which contract.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::project::{DnsLabel, Project, Service};

/// The committed contract of a service that is called by HTTP.
pub const OPENAPI: &str = "openapi.json";

/// Services by how they are called.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Peers {
    /// Those that can be called by a generated client, with the ports that they listen on.
    http: BTreeMap<DnsLabel, u16>,
    /// Those that speak gRPC.
    grpc: BTreeSet<DnsLabel>,
}

impl Peers {
    /// Those of a project.
    #[must_use]
    pub fn of(project: &Project) -> Self {
        let mut peers = Self::default();
        for file in &project.services {
            peers.insert(&file.service, file.dir.join(OPENAPI).is_file());
        }
        peers
    }

    /// Adds a service, which may have committed an API document.
    pub fn insert(&mut self, service: &Service, has_document: bool) {
        if service.speaks_grpc() {
            self.grpc.insert(service.name.clone());
        } else if has_document {
            self.http.insert(service.name.clone(), service.port.number());
        }
    }

    /// Those that speak gRPC of those that `service` calls.
    pub fn by_grpc(&self, service: &Service) -> impl Iterator<Item = &DnsLabel> {
        self.grpc.iter().filter(|name| service.calls_service(name))
    }

    /// Those that `service` calls by a generated client, in the order of their names.
    #[must_use]
    pub fn called_by(&self, service: &Service) -> Vec<&DnsLabel> {
        self.http.keys().filter(|name| service.calls_service(name)).collect()
    }

    /// The field of the client of `service`, if there is one.
    #[must_use]
    pub fn field(&self, service: &str) -> Option<String> {
        self.http.keys().any(|name| name.as_str() == service).then(|| field_of(service))
    }

    /// What templates see of the clients of `service`.
    #[must_use]
    pub fn context(&self, service: &Service) -> Value {
        let client = |name: &DnsLabel| {
            let field = field_of(name.as_str());
            json!({
                "service": name,
                "crate": crate_of(name),
                "module": format!("{field}_client"),
                "field": field,
                "variable": name.url_variable(),
                "port": self.http[name],
            })
        };
        self.called_by(service).into_iter().map(client).collect()
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
