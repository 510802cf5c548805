//! PostgreSQL. The official image works here, Debian's variants of it as well as others that take the same variables
//! and run as user 999.
//!
//! **A database per service.** The image makes only one, so the pod of each service begins with an init container that
//! waits for PostgreSQL and makes the service's own database if it is not there. A service that joins later touches
//! nobody else's pod, and none starts before its database can be reached.

use k8s_openapi::api::core::v1::{Container, EnvVar, ExecAction, Probe};

use super::plain;
use super::program::{Program, USER, secret_name};
use crate::kubernetes::labels::pairs;
use crate::kubernetes::objects::{environment, resources, security};
use crate::project::{Backing, ServiceSettings, Settings};

const PORT: i32 = 5432;
const PASSWORD: &str = "POSTGRES_PASSWORD";
const DATABASE_URL: &str = "DATABASE_URL";

pub(super) const POSTGRES: Program = Program {
    name: "postgres",
    port: PORT,
    // That of the official image.
    user: 999,
    image: Backing::postgres,
    is_needed,
    password: PASSWORD,
    variable: DATABASE_URL,
    address: |host, service| format!("postgres://{USER}:$({PASSWORD})@{host}:{PORT}/{service}"),
    container,
    probe,
    patience: 120,
    requests: ["50m", "128Mi", "256Mi"],
    memory: "512Mi",
    folders: &[["data", "2Gi", "/data"], ["run", "16Mi", "/var/run/postgresql"], ["tmp", "64Mi", "/tmp"]],
};

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

/// Whether a service stores data and names no database of its own.
fn is_needed(service: &ServiceSettings) -> bool {
    let own = service.deploy.secrets.contains_key(DATABASE_URL)
        || service.deploy.env.get(DATABASE_URL).is_some_and(|url| url.as_str().starts_with("postgres"));
    service.service.stores() && !own
}

fn container(password: EnvVar) -> Container {
    Container {
        // A folder inside the volume, and not where the image has a volume of its own: that place has moved
        // between versions.
        env: Some(vec![plain("PGDATA", "/data/postgres"), plain("POSTGRES_USER", USER), password]),
        ..Container::default()
    }
}

/// Asked over TCP: while the image sets the database up, it listens on its socket alone.
fn probe() -> Probe {
    let command = ["pg_isready", "-q", "-h", "127.0.0.1", "-U", USER].map(str::to_owned).to_vec();
    Probe { exec: Some(ExecAction { command: Some(command) }), ..Probe::default() }
}

/// The container that runs before the service's own.
pub(in crate::kubernetes) fn init_containers(settings: &Settings, service: &ServiceSettings) -> Option<Vec<Container>> {
    let backing = settings.backing.as_ref().filter(|_| is_needed(service))?;
    let requests = pairs([("cpu", "10m"), ("memory", "16Mi"), ("ephemeral-storage", "16Mi")]);
    Some(vec![Container {
        name: "database".to_owned(),
        image: Some(backing.postgres().to_owned()),
        image_pull_policy: Some("IfNotPresent".to_owned()),
        command: Some(["sh", "-c", MAKE_DATABASE].map(str::to_owned).to_vec()),
        env: Some(vec![
            plain("PGHOST", &POSTGRES.identity(settings).instance),
            plain("PGPORT", &PORT.to_string()),
            plain("PGUSER", USER),
            environment::from_secret("PGPASSWORD", &secret_name(settings), &POSTGRES.key()),
            plain("PGCONNECT_TIMEOUT", "2"),
            plain("DATABASE", service.service.name.as_str()),
        ]),
        resources: Some(resources::requirements(requests, pairs([("memory", "64Mi")]))),
        security_context: Some(security::container()),
        termination_message_policy: Some("FallbackToLogsOnError".to_owned()),
        ..Container::default()
    }])
}
