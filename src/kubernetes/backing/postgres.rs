//! The objects of PostgreSQL. The official image works with them, Debian's variants of it as well as others that
//! take the same variables and run as user 999.

use k8s_openapi::api::core::v1::{Container, ContainerPort, ExecAction, Probe};

use super::access::{password, plain};
use super::program::Program;
use super::{PORT, USER, identity, users};
use crate::kubernetes::Object;
use crate::kubernetes::labels::pairs;
use crate::kubernetes::objects::{resources, security};
use crate::project::Settings;

/// The user of the official image.
const POSTGRES: i64 = 999;
const NAME: &str = "postgres";

pub(super) fn objects(settings: &Settings, image: &str) -> Vec<Object> {
    let program = Program {
        identity: identity(settings),
        port_name: NAME,
        port: PORT,
        user: POSTGRES,
        container: container(settings, image),
        volumes: vec![
            security::scratch("data", "2Gi"),
            security::scratch("run", "16Mi"),
            security::scratch("tmp", "64Mi"),
        ],
    };
    program.objects(settings, users(settings))
}

fn container(settings: &Settings, image: &str) -> Container {
    let requests = pairs([("cpu", "50m"), ("memory", "128Mi"), ("ephemeral-storage", "256Mi")]);
    Container {
        name: NAME.to_owned(),
        image: Some(image.to_owned()),
        image_pull_policy: Some("IfNotPresent".to_owned()),
        ports: Some(vec![ContainerPort {
            name: Some(NAME.to_owned()),
            container_port: PORT,
            ..ContainerPort::default()
        }]),
        // A folder inside the volume, and not where the image has a volume of its own: that place has moved
        // between versions.
        env: Some(vec![plain("PGDATA", "/data/postgres"), plain("POSTGRES_USER", USER), password(settings)]),
        startup_probe: Some(ready(1, 120)),
        readiness_probe: Some(ready(5, 2)),
        liveness_probe: Some(ready(20, 6)),
        resources: Some(resources::requirements(requests, pairs([("memory", "512Mi")]))),
        security_context: Some(security::container()),
        termination_message_policy: Some("FallbackToLogsOnError".to_owned()),
        volume_mounts: Some(vec![
            security::mount("data", "/data"),
            security::mount("run", "/var/run/postgresql"),
            security::mount("tmp", "/tmp"),
        ]),
        ..Container::default()
    }
}

/// Asked over TCP: while the image sets the database up, it listens on its socket alone.
fn ready(period: i32, failures: i32) -> Probe {
    let command = ["pg_isready", "-q", "-h", "127.0.0.1", "-U", USER].map(str::to_owned).to_vec();
    Probe {
        exec: Some(ExecAction { command: Some(command) }),
        period_seconds: Some(period),
        timeout_seconds: Some(5),
        failure_threshold: Some(failures),
        ..Probe::default()
    }
}
