//! The objects of a service: one file per kind, and one per larger part of a pod.

mod autoscaler;
mod config_map;
mod container;
mod deployment;
mod disruption_budget;
pub(super) mod environment;
mod events;
mod network_policy;
pub(super) mod peers;
mod pod;
mod probes;
pub(super) mod resources;
mod route;
mod scheduling;
pub(super) mod security;
mod service;
mod service_account;

use super::Object;
use super::labels::Identity;
use crate::error::{Error, Result};
use crate::project::{ServiceSettings, Settings};

/// Port of health and metrics, in every generated service.
pub(super) const MANAGEMENT_PORT: u16 = 9090;
/// Name of the management port.
pub(super) const MANAGEMENT: &str = "management";
/// Name of the API's port.
pub(super) const HTTP: &str = "http";

/// What the objects of a service are made from.
pub(super) struct Scope<'a> {
    /// The whole project: who calls whom.
    pub settings: &'a Settings,
    /// The service.
    pub service: &'a ServiceSettings,
    /// Full reference of its image.
    pub image: &'a str,
}

impl Scope<'_> {
    fn name(&self) -> &str {
        self.service.service.name.as_str()
    }

    fn identity(&self) -> Identity {
        identity(self.settings, self.name())
    }

    fn api_port(&self) -> i32 {
        i32::from(self.service.service.port.number())
    }

    /// Fewest pods that run, by the autoscaler's bounds or the fixed number.
    fn least_pods(&self) -> u32 {
        let deploy = &self.service.deploy;
        deploy.autoscale.as_ref().map_or(deploy.replicas.unwrap_or(DEFAULT_PODS), |a| autoscaler::least(a))
    }

    /// The service's settings are valid by themselves, but can't become an object.
    fn invalid(&self, what: impl Into<String>) -> Error {
        Error::invalid(format!("service `{}` can't be deployed as msvc.yaml says", self.name())).cause(what)
    }
}

/// Pods of a service that says nothing about it: one may fail or move while the other serves.
const DEFAULT_PODS: u32 = 2;

/// The identity of a service of the project, called `name`.
pub(super) fn identity(settings: &Settings, name: &str) -> Identity {
    Identity {
        app: name.to_owned(),
        instance: name.to_owned(),
        project: settings.project.clone(),
        namespace: settings.namespace.clone(),
    }
}

/// All objects of a service, patches not yet applied.
///
/// # Errors
/// Settings that can't become objects (exit code 2).
pub(super) fn of(scope: &Scope) -> Result<Vec<Object>> {
    if scope.api_port() == i32::from(MANAGEMENT_PORT) {
        return Err(scope.invalid(format!("port: {MANAGEMENT_PORT} is the management port")).hint("choose another"));
    }
    let name = Some(scope.name());
    let config = config_map::config_map(scope)?;
    let mut objects = vec![
        Object::typed(&service_account::service_account(scope), name),
        Object::typed(&deployment::deployment(scope, &config)?, name),
        Object::typed(&config, name),
        Object::typed(&service::service(scope), name),
        Object::typed(&network_policy::network_policy(scope)?, name),
    ];
    objects.extend(autoscaler::autoscaler(scope)?.map(|a| Object::typed(&a, name)));
    objects.extend(disruption_budget::disruption_budget(scope).map(|b| Object::typed(&b, name)));
    objects.extend(route::route(scope)?);
    Ok(objects)
}
