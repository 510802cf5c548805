//! What the user should know about a project's objects although they can be applied.

use super::backing;
use crate::project::{ServiceSettings, Settings};

/// One line for each thing worth looking at.
#[must_use]
pub fn warnings(settings: &Settings) -> Vec<String> {
    let development = |name| format!("{name} is for development: its data are lost when its pod goes");
    let mut lines: Vec<String> = backing::names(settings).into_iter().map(development).collect();
    lines.extend(settings.services.iter().filter(|s| locked_in(s)).map(|s| {
        let name = &s.service.name;
        format!(
            "service `{name}` has a DATABASE_URL, but its network policy lets nothing out to it: see `deploy.egress`"
        )
    }));
    lines.extend(settings.services.iter().filter(|s| caches_nothing(settings, s)).map(|s| {
        let name = &s.service.name;
        format!("service `{name}` has a cache in Redis, but no REDIS_URL: it caches nothing")
    }));
    lines
}

/// A cache was chosen, and nothing says where it is.
fn caches_nothing(settings: &Settings, service: &ServiceSettings) -> bool {
    settings.backing.is_none() && service.service.caches_in_redis() && !backing::names_redis(service)
}

/// A database is named, and no rule leads out of the namespace. Whether a rule leads to that very database is
/// known only with the address, which is secret.
fn locked_in(service: &ServiceSettings) -> bool {
    let patched = service.deploy.patches.iter().any(|p| p.target.kind == "NetworkPolicy");
    service.deploy.secrets.contains_key("DATABASE_URL") && service.deploy.egress.is_empty() && !patched
}
