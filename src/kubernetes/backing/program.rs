//! What a program that comes along is: what differs from one to the next, and how services find it.

use k8s_openapi::api::core::v1::{Container, EnvVar, Probe};
use k8s_openapi::api::networking::v1::NetworkPolicyEgressRule;

use super::plain;
use crate::kubernetes::labels::Identity;
use crate::kubernetes::objects::{environment, peers};
use crate::project::{Backing, ServiceSettings, Settings};

/// The user that owns everything in each of them.
pub(super) const USER: &str = "app";

/// A program that comes along.
pub(super) struct Program {
    /// How it, its container and its port are called.
    pub(super) name: &'static str,
    /// The port that services reach it at.
    pub(super) port: i32,
    /// The user that its processes run as.
    pub(super) user: i64,
    /// Its image.
    pub(super) image: fn(&Backing) -> &str,
    /// Whether a service needs it, and names none of its own.
    pub(super) is_needed: fn(&ServiceSettings) -> bool,
    /// The variable of its password: in its own container, and in those of services.
    pub(super) password: &'static str,
    /// The variable that a service finds it by.
    pub(super) variable: &'static str,
    /// What that variable says, given the program's host and the service's name.
    pub(super) address: fn(host: &str, service: &str) -> String,
    /// Its container, with what no other has; the password is one of its variables.
    pub(super) container: fn(password: EnvVar) -> Container,
    /// How it is asked whether it is well.
    pub(super) probe: fn() -> Probe,
    /// Seconds that it has to start.
    pub(super) patience: i32,
    /// CPU, memory and disk that are set aside for it.
    pub(super) requests: [&'static str; 3],
    /// Memory that it may take.
    pub(super) memory: &'static str,
    /// Folders that it may write to: name, room, place.
    pub(super) folders: &'static [[&'static str; 3]],
}

impl Program {
    /// How its objects are called.
    pub(super) fn identity(&self, settings: &Settings) -> Identity {
        Identity {
            app: self.name.to_owned(),
            instance: format!("{}-{}", settings.project, self.name),
            project: settings.project.clone(),
            namespace: settings.namespace.clone(),
        }
    }

    /// Whether it comes along for this service.
    pub(super) fn serves(&self, settings: &Settings, service: &ServiceSettings) -> bool {
        settings.backing.is_some() && (self.is_needed)(service)
    }

    /// The services that it is there for; none where none comes along.
    pub(super) fn users<'a>(&self, settings: &'a Settings) -> impl Iterator<Item = &'a ServiceSettings> {
        settings.services.iter().filter(|service| self.serves(settings, service))
    }

    /// Key of its password in the Secret.
    pub(super) fn key(&self) -> String {
        format!("{}-password", self.name)
    }

    /// The variable with its password.
    pub(super) fn password(&self, settings: &Settings) -> EnvVar {
        environment::from_secret(self.password, &secret_name(settings), &self.key())
    }

    /// The variables by which a service finds it.
    pub(super) fn environment(&self, settings: &Settings, service: &ServiceSettings) -> [EnvVar; 2] {
        let address = (self.address)(&self.identity(settings).instance, service.service.name.as_str());
        [self.password(settings), plain(self.variable, &address)]
    }

    /// The way out to it.
    pub(super) fn egress(&self, settings: &Settings) -> NetworkPolicyEgressRule {
        peers::out(peers::pods(&self.identity(settings)), vec![peers::tcp(self.port)])
    }
}

/// The Secret with the passwords of all that come along.
pub(super) fn secret_name(settings: &Settings) -> String {
    format!("msvc-{}-backing", settings.project)
}
