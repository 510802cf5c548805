//! Databases of an environment that come along, for development only: one small PostgreSQL for the services that
//! store data and have no `DATABASE_URL` of their own.

mod secret;

pub use secret::{SecretPlan, secret_plan};

use crate::project::{ServiceSettings, Settings};

/// The services that store in the environment's PostgreSQL.
pub(super) fn users(settings: &Settings) -> impl Iterator<Item = &ServiceSettings> {
    settings.services.iter().filter(|s| settings.backing.is_some() && uses(s))
}

/// Whether a service stores data and names no database of its own.
fn uses(service: &ServiceSettings) -> bool {
    let own = service.deploy.secrets.contains_key("DATABASE_URL") || service.deploy.env.contains_key("DATABASE_URL");
    service.service.stores() && !own
}
