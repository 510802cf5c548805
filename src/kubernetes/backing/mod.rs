//! Databases of an environment that come along, for development only: one small PostgreSQL for the services that
//! store data and have no `DATABASE_URL` of their own, one small NATS for those that have events, one small Redis for
//! those that keep a cache in it.
//!
//! **Its data.** They lie in the pod's own folder (`emptyDir`), as a volume claim stays pending for ever on a cluster
//! without a default storage class. They survive the container's restarts and every deploy that leaves the image
//! alone; they are lost when the pod goes: deleted, drained off its node, or replaced for another image.
//!
//! **A database per service.** The official image makes only one, so the pod of each service begins with an init
//! container that waits for PostgreSQL and makes the service's own database if it is not there. A service that
//! joins later touches nobody else's pod, and none starts before its database can be reached.

mod access;
mod nats;
mod postgres;
mod program;
mod redis;
mod secret;

pub use secret::{SecretPlan, secret_plan};

pub(super) use access::{egress, environment, init_containers};
pub(super) use redis::is_named as names_redis;

use super::Object;
use super::labels::Identity;
use crate::error::{Error, Result};
use crate::project::{ServiceSettings, Settings};

/// PostgreSQL's port.
const PORT: i32 = 5432;
/// The role that owns everything in it.
const USER: &str = "app";
/// The variable that a service finds its database by.
const DATABASE_URL: &str = "DATABASE_URL";

/// The objects of the backing that the services need.
pub(super) fn objects(settings: &Settings) -> Vec<Object> {
    let mut objects = match &settings.backing {
        Some(backing) if users(settings).next().is_some() => postgres::objects(settings, backing.postgres()),
        _ => Vec::new(),
    };
    objects.extend(nats::objects(settings));
    objects.extend(redis::objects(settings));
    objects
}

/// Refuses a service that stores data but has no database.
///
/// # Errors
/// Neither `DATABASE_URL` nor `backing` is given (exit code 2).
pub(super) fn check(settings: &Settings, service: &ServiceSettings) -> Result<()> {
    if settings.backing.is_some() || !uses(service) {
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
    settings.backing.is_none() && nats::uses(service)
}

/// What comes along, by the names of its Deployments.
pub(super) fn names(settings: &Settings) -> Vec<String> {
    let postgres = users(settings).next().map(|_| identity(settings).instance);
    let nats = nats::users(settings).next().map(|_| program_identity(settings, "nats").instance);
    let redis = redis::users(settings).next().map(|_| program_identity(settings, "redis").instance);
    postgres.into_iter().chain(nats).chain(redis).collect()
}

/// The services that store in the environment's PostgreSQL.
fn users(settings: &Settings) -> impl Iterator<Item = &ServiceSettings> {
    settings.services.iter().filter(|s| settings.backing.is_some() && uses(s))
}

/// Whether a service stores data and names no database of its own.
fn uses(service: &ServiceSettings) -> bool {
    let own = service.deploy.secrets.contains_key(DATABASE_URL)
        || service.deploy.env.get(DATABASE_URL).is_some_and(|url| url.as_str().starts_with("postgres"));
    service.service.stores() && !own
}

/// How the objects of PostgreSQL are called.
fn identity(settings: &Settings) -> Identity {
    program_identity(settings, "postgres")
}

/// How the objects of a program are called.
fn program_identity(settings: &Settings, name: &str) -> Identity {
    Identity {
        app: name.to_owned(),
        instance: format!("{}-{name}", settings.project),
        project: settings.project.clone(),
        namespace: settings.namespace.clone(),
    }
}
