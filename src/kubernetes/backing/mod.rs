//! Programs of an environment that come along, for development only: one small PostgreSQL for the services that
//! store data and have no `DATABASE_URL` of their own, one small NATS for those that have events, one small Redis for
//! those that keep a cache in it.
//!
//! **Their data** lie in the pod's own folder (`emptyDir`), as a volume claim stays pending for ever on a cluster
//! without a default storage class. They survive the container's restarts and every deploy that leaves the image
//! alone; they are lost when the pod goes: deleted, drained off its node, or replaced for another image.

mod nats;
mod objects;
mod postgres;
mod program;
mod redis;

pub(super) use postgres::init_containers;
pub(super) use redis::is_named as names_redis;

use k8s_openapi::api::core::v1::EnvVar;
use k8s_openapi::api::networking::v1::NetworkPolicyEgressRule;

use self::nats::NATS;
use self::postgres::POSTGRES;
use self::program::{Program, secret_name};
use self::redis::REDIS;
use super::Object;
use crate::error::{Error, Result};
use crate::project::{ServiceSettings, Settings};

/// All that there are.
const PROGRAMS: [&Program; 3] = [&POSTGRES, &NATS, &REDIS];

/// A Secret that `deploy` makes when it is absent, and then leaves alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretPlan {
    /// Its name.
    pub name: String,
    /// Its keys; each gets a random password of letters and digits. A key that is absent is added, one that
    /// exists is kept: the database was made with it.
    pub keys: Vec<String>,
}

/// The Secret that the environment's backing needs; `None`: it needs none.
#[must_use]
pub fn secret_plan(settings: &Settings) -> Option<SecretPlan> {
    let keys: Vec<String> = present(settings).map(Program::key).collect();
    (!keys.is_empty()).then(|| SecretPlan { name: secret_name(settings), keys })
}

/// The objects of the backing that the services need.
pub(super) fn objects(settings: &Settings) -> Vec<Object> {
    let Some(backing) = &settings.backing else { return Vec::new() };
    present(settings).flat_map(|program| objects::of(program, settings, backing)).collect()
}

/// What comes along, by the names of its Deployments.
pub(super) fn names(settings: &Settings) -> Vec<String> {
    present(settings).map(|program| program.identity(settings).instance).collect()
}

/// The variables by which the service finds what it needs. Passwords are put into the addresses by the
/// kubelet, so they stand nowhere but in their Secret.
pub(super) fn environment(settings: &Settings, service: &ServiceSettings) -> Vec<EnvVar> {
    used(settings, service).flat_map(|program| program.environment(settings, service)).collect()
}

/// The ways out to what it needs.
pub(super) fn egress(settings: &Settings, service: &ServiceSettings) -> Vec<NetworkPolicyEgressRule> {
    used(settings, service).map(|program| program.egress(settings)).collect()
}

/// Refuses a service that stores data but has no database.
///
/// # Errors
/// Neither `DATABASE_URL` nor `backing` is given (exit code 2).
pub(super) fn check(settings: &Settings, service: &ServiceSettings) -> Result<()> {
    if settings.backing.is_some() || !(POSTGRES.is_needed)(service) {
        return Ok(());
    }
    let environment = settings.environment.as_deref().unwrap_or("the cluster");
    Err(Error::invalid(format!("service `{}` stores data but has no database in {environment}", service.service.name))
        .cause("SQLite in a pod would lose its data with the pod, and every replica would have other data")
        .hint("name a database: `deploy: { secrets: { DATABASE_URL: { name: SECRET, key: KEY } } }` and `msvc secret set`")
        .hint("or, for development, let one come along: `backing: development` in the environment"))
}

/// Whether the service has events, and neither a NATS comes along for them nor does it name a way of its own.
pub(super) fn has_no_way_for_events(settings: &Settings, service: &ServiceSettings) -> bool {
    settings.backing.is_none() && (NATS.is_needed)(service)
}

/// Those that come along: some service needs them.
fn present(settings: &Settings) -> impl Iterator<Item = &'static Program> {
    PROGRAMS.into_iter().filter(|program| program.users(settings).next().is_some())
}

/// Those that come along for this service.
fn used(settings: &Settings, service: &ServiceSettings) -> impl Iterator<Item = &'static Program> {
    PROGRAMS.into_iter().filter(|program| program.serves(settings, service))
}

/// Whether a service says itself where it finds one of these.
fn names_any(service: &ServiceSettings, variables: &[&str]) -> bool {
    let deploy = &service.deploy;
    variables.iter().any(|name| deploy.secrets.contains_key(*name) || deploy.env.contains_key(*name))
}

/// A variable with its value.
fn plain(name: &str, value: &str) -> EnvVar {
    EnvVar { name: name.to_owned(), value: Some(value.to_owned()), value_from: None }
}
