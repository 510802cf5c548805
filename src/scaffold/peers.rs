//! The services of a system as others see them who call them: where each is, and by which contract.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::project::{DnsLabel, Project, Service};

/// The committed contract of a service that is called by HTTP.
pub const OPENAPI: &str = "openapi.json";

/// Services that can be called by a generated client, with the ports that they listen on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Peers(BTreeMap<DnsLabel, u16>);

impl Peers {
    /// Those of a project: all that have committed a contract.
    #[must_use]
    pub fn of(project: &Project) -> Self {
        let with_contract = project.services.iter().filter(|file| file.dir.join(OPENAPI).is_file());
        let mut peers = Self::default();
        with_contract.for_each(|file| peers.insert(&file.service));
        peers
    }

    /// Adds a service that has a contract.
    pub fn insert(&mut self, service: &Service) {
        self.0.insert(service.name.clone(), service.port.number());
    }

    /// Those of them that `service` calls, in the order of their names.
    #[must_use]
    pub fn called_by(&self, service: &Service) -> Vec<&DnsLabel> {
        self.0.keys().filter(|name| service.calls_service(name)).collect()
    }

    /// What templates see of the clients of `service`.
    #[must_use]
    pub fn context(&self, service: &Service) -> Value {
        let client = |name: &DnsLabel| {
            let field = name.as_str().replace('-', "_");
            json!({
                "service": name,
                "crate": crate_of(name),
                "module": format!("{field}_client"),
                "field": field,
                "variable": name.url_variable(),
                "port": self.0[name],
            })
        };
        self.called_by(service).into_iter().map(client).collect()
    }
}

/// The crate by which a service is called.
#[must_use]
pub fn crate_of(service: &DnsLabel) -> String {
    format!("{service}-client")
}
