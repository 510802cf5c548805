//! What a service's pod needs to reach the environment's PostgreSQL, NATS and Redis.

use k8s_openapi::api::core::v1::{Container, EnvVar};
use k8s_openapi::api::networking::v1::NetworkPolicyEgressRule;

use super::secret::{POSTGRES_PASSWORD, secret_name};
use super::{DATABASE_URL, PORT, USER, identity, nats, redis, uses};
use crate::kubernetes::labels::pairs;
use crate::kubernetes::objects::{environment, peers, resources, security};
use crate::project::{ServiceSettings, Settings};

const PASSWORD: &str = "POSTGRES_PASSWORD";

/// Waits for PostgreSQL and makes the database. Several pods may try at once: one of them succeeds, and then all
/// can connect.
const MAKE_DATABASE: &str = r#"i=0
until psql -X -q -d "$DATABASE" -c 'SELECT 1' >/dev/null 2>&1; do
  i=$((i + 1))
  if [ "$i" -gt 120 ]; then
    echo "no connection to $PGHOST within 120 attempts:" >&2
    exec psql -X -d postgres -c 'SELECT 1'
  fi
  psql -X -q -d postgres -c "CREATE DATABASE \"$DATABASE\"" >/dev/null 2>&1 || sleep 1
done
"#;

/// The variables by which the service finds what it needs. Passwords are put into the addresses by the
/// kubelet, so they stand nowhere but in their Secret.
pub(in crate::kubernetes) fn environment(settings: &Settings, service: &ServiceSettings) -> Vec<EnvVar> {
    let mut variables = Vec::new();
    if settings.backing.is_none() {
        return variables;
    }
    if uses(service) {
        variables.extend(database(settings, service));
    }
    if nats::uses(service) {
        variables.extend(nats::environment(settings));
    }
    if redis::uses(service) {
        variables.extend(redis::environment(settings));
    }
    variables
}

fn database(settings: &Settings, service: &ServiceSettings) -> [EnvVar; 2] {
    let host = identity(settings).instance;
    let url = format!("postgres://{USER}:$({PASSWORD})@{host}:{PORT}/{}", service.service.name);
    [environment::from_secret(PASSWORD, &secret_name(settings), POSTGRES_PASSWORD), plain(DATABASE_URL, &url)]
}

/// The container that runs before the service's own.
pub(in crate::kubernetes) fn init_containers(settings: &Settings, service: &ServiceSettings) -> Option<Vec<Container>> {
    let backing = settings.backing.as_ref().filter(|_| uses(service))?;
    let requests = pairs([("cpu", "10m"), ("memory", "16Mi"), ("ephemeral-storage", "16Mi")]);
    Some(vec![Container {
        name: "database".to_owned(),
        image: Some(backing.postgres().to_owned()),
        image_pull_policy: Some("IfNotPresent".to_owned()),
        command: Some(["sh", "-c", MAKE_DATABASE].map(str::to_owned).to_vec()),
        env: Some(vec![
            plain("PGHOST", &identity(settings).instance),
            plain("PGPORT", &PORT.to_string()),
            plain("PGUSER", USER),
            environment::from_secret("PGPASSWORD", &secret_name(settings), POSTGRES_PASSWORD),
            plain("PGCONNECT_TIMEOUT", "2"),
            plain("DATABASE", service.service.name.as_str()),
        ]),
        resources: Some(resources::requirements(requests, pairs([("memory", "64Mi")]))),
        security_context: Some(security::container()),
        termination_message_policy: Some("FallbackToLogsOnError".to_owned()),
        ..Container::default()
    }])
}

/// The ways out to what it needs.
pub(in crate::kubernetes) fn egress(settings: &Settings, service: &ServiceSettings) -> Vec<NetworkPolicyEgressRule> {
    if settings.backing.is_none() {
        return Vec::new();
    }
    let database = uses(service).then(|| peers::out(peers::pods(&identity(settings)), vec![peers::tcp(PORT)]));
    let nats = nats::uses(service).then(|| nats::egress(settings));
    let redis = redis::uses(service).then(|| redis::egress(settings));
    database.into_iter().chain(nats).chain(redis).collect()
}

/// A variable with its value.
pub(super) fn plain(name: &str, value: &str) -> EnvVar {
    EnvVar { name: name.to_owned(), value: Some(value.to_owned()), value_from: None }
}

/// The variable that the image takes its password from.
pub(super) fn password(settings: &Settings) -> EnvVar {
    environment::from_secret(PASSWORD, &secret_name(settings), POSTGRES_PASSWORD)
}
