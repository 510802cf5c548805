{% if options.grpc -%}
//! What services that speak gRPC promise: their `.proto` files, compiled into the gateway by
//! `build.rs`. So it knows their methods even while they are away.

use std::collections::BTreeMap;

use anyhow::Context;
use prost_reflect::{DescriptorPool, MethodDescriptor};

include!(concat!(env!("OUT_DIR"), "/contracts.rs"));

/// The contracts of all services that speak gRPC, by their names.
#[derive(Clone, Default)]
pub struct Contracts(BTreeMap<&'static str, DescriptorPool>);

impl Contracts {
    /// Those that were compiled into the gateway.
    pub fn compiled() -> anyhow::Result<Self> {
        Self::read(COMPILED)
    }

    /// Those that are given: each service with its set of file descriptors.
    pub fn read(all: &[(&'static str, &[u8])]) -> anyhow::Result<Self> {
        let mut contracts = BTreeMap::new();
        for (service, descriptors) in all {
            let pool = DescriptorPool::decode(*descriptors);
            let pool = pool.with_context(|| format!("the .proto files of {service}"))?;
            if pool.services().len() == 0 {
                tracing::warn!(
                    service,
                    "no .proto files in protos/: none of its methods is offered"
                );
            }
            contracts.insert(*service, pool);
        }
        Ok(Self(contracts))
    }

    /// The method that gRPC has at a path, `/<package>.<Service>/<Method>`; none for those whose
    /// messages come in streams, which have no form in HTTP/JSON.
    #[must_use]
    pub fn method(&self, service: &str, path: &str) -> Option<MethodDescriptor> {
        let (owner, name) = path.strip_prefix('/')?.split_once('/')?;
        let owner = self.0.get(service)?.get_service_by_name(owner)?;
        owner
            .methods()
            .find(|method| method.name() == name && is_unary(method))
    }

    /// All methods of a service that are offered; none if its contract is not known.
    #[must_use]
    pub fn methods(&self, service: &str) -> Vec<MethodDescriptor> {
        let mut methods = Vec::new();
        for service in self.0.get(service).iter().flat_map(|pool| pool.services()) {
            methods.extend(service.methods().filter(is_unary));
        }
        methods
    }
}

fn is_unary(method: &MethodDescriptor) -> bool {
    !method.is_client_streaming() && !method.is_server_streaming()
}
{% endif -%}
