//! Redis, for the services that keep a cache in it and have no `REDIS_URL` of their own. It writes nothing down: what is
//! in it can be read from the databases again.

use k8s_openapi::api::core::v1::{Container, ContainerPort, EnvVar, Probe, TCPSocketAction};
use k8s_openapi::api::networking::v1::NetworkPolicyEgressRule;
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

use super::access::plain;
use super::program::Program;
use super::program_identity;
use super::secret::{REDIS_PASSWORD, secret_name};
use crate::kubernetes::Object;
use crate::kubernetes::labels::{Identity, pairs};
use crate::kubernetes::objects::{environment, peers, resources, security};
use crate::project::{ServiceSettings, Settings};

const NAME: &str = "redis";
const PORT: i32 = 6379;
const PASSWORD: &str = "REDIS_PASSWORD";
/// The variable that a service finds it by.
const REDIS_URL: &str = "REDIS_URL";

/// The objects, if a service needs them.
pub(super) fn objects(settings: &Settings) -> Vec<Object> {
    let Some(backing) = settings.backing.as_ref().filter(|_| users(settings).next().is_some()) else {
        return Vec::new();
    };
    let program = Program {
        identity: identity(settings),
        port_name: NAME,
        port: PORT,
        user: security::NONROOT,
        container: container(settings, backing.redis()),
        volumes: vec![security::scratch("data", "16Mi")],
    };
    program.objects(settings, users(settings))
}

/// The services that it is there for.
pub(super) fn users(settings: &Settings) -> impl Iterator<Item = &ServiceSettings> {
    settings.services.iter().filter(|s| settings.backing.is_some() && uses(s))
}

/// The variables by which a service finds it.
pub(super) fn environment(settings: &Settings) -> Vec<EnvVar> {
    let url = format!("redis://:$({PASSWORD})@{}:{PORT}", identity(settings).instance);
    vec![password(settings), plain(REDIS_URL, &url)]
}

/// The way out to it.
pub(super) fn egress(settings: &Settings) -> NetworkPolicyEgressRule {
    peers::out(peers::pods(&identity(settings)), vec![peers::tcp(PORT)])
}

/// Whether a service keeps a cache in Redis, and has none of its own.
pub(super) fn uses(service: &ServiceSettings) -> bool {
    service.service.caches_in_redis() && !is_named(service)
}

/// Whether a service says where its Redis is.
pub(in crate::kubernetes) fn is_named(service: &ServiceSettings) -> bool {
    service.deploy.secrets.contains_key(REDIS_URL) || service.deploy.env.contains_key(REDIS_URL)
}

fn identity(settings: &Settings) -> Identity {
    program_identity(settings, NAME)
}

fn password(settings: &Settings) -> EnvVar {
    environment::from_secret(PASSWORD, &secret_name(settings), REDIS_PASSWORD)
}

fn container(settings: &Settings, image: &str) -> Container {
    let requests = pairs([("cpu", "20m"), ("memory", "32Mi"), ("ephemeral-storage", "16Mi")]);
    let password_argument = format!("$({PASSWORD})");
    // What was not asked for in a while makes room, and nothing is saved.
    let arguments = ["--dir", "/data", "--save", "", "--maxmemory", "64mb", "--maxmemory-policy", "allkeys-lru"];
    let arguments = arguments.into_iter().chain(["--requirepass", &password_argument]);
    Container {
        name: NAME.to_owned(),
        image: Some(image.to_owned()),
        image_pull_policy: Some("IfNotPresent".to_owned()),
        command: Some(vec!["redis-server".to_owned()]),
        args: Some(arguments.map(str::to_owned).collect()),
        ports: Some(vec![ContainerPort {
            name: Some(NAME.to_owned()),
            container_port: PORT,
            ..ContainerPort::default()
        }]),
        env: Some(vec![password(settings)]),
        startup_probe: Some(listens(1, 60)),
        readiness_probe: Some(listens(5, 2)),
        liveness_probe: Some(listens(20, 6)),
        resources: Some(resources::requirements(requests, pairs([("memory", "128Mi")]))),
        security_context: Some(security::container()),
        termination_message_policy: Some("FallbackToLogsOnError".to_owned()),
        volume_mounts: Some(vec![security::mount("data", "/data")]),
        ..Container::default()
    }
}

fn listens(period: i32, failures: i32) -> Probe {
    Probe {
        tcp_socket: Some(TCPSocketAction { port: IntOrString::String(NAME.to_owned()), ..TCPSocketAction::default() }),
        period_seconds: Some(period),
        timeout_seconds: Some(5),
        failure_threshold: Some(failures),
        ..Probe::default()
    }
}
