//! NATS, which keeps streams, for the services that publish or consume events and have no `NATS_URL` of their own. They
//! lie in the pod's own folder, as PostgreSQL's data do.

use k8s_openapi::api::core::v1::{Container, ContainerPort, EnvVar, HTTPGetAction, Probe};
use k8s_openapi::api::networking::v1::NetworkPolicyEgressRule;
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

use super::access::plain;
use super::program::Program;
use super::secret::{NATS_PASSWORD, secret_name};
use super::{USER, program_identity};
use crate::kubernetes::Object;
use crate::kubernetes::labels::{Identity, pairs};
use crate::kubernetes::objects::{environment, peers, resources, security};
use crate::project::{ServiceSettings, Settings};

const NAME: &str = "nats";
const PORT: i32 = 4222;
/// Where it tells the kubelet how it is.
const MONITORING: i32 = 8222;
const PASSWORD: &str = "NATS_PASSWORD";
/// The variable that a service finds it by.
const NATS_URL: &str = "NATS_URL";

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
        container: container(settings, backing.nats()),
        volumes: vec![security::scratch("data", "1Gi")],
    };
    program.objects(settings, users(settings))
}

/// The services that it is there for.
pub(super) fn users(settings: &Settings) -> impl Iterator<Item = &ServiceSettings> {
    settings.services.iter().filter(|s| settings.backing.is_some() && uses(s))
}

/// The variables by which a service finds it.
pub(super) fn environment(settings: &Settings) -> Vec<EnvVar> {
    let url = format!("nats://{USER}:$({PASSWORD})@{}:{PORT}", identity(settings).instance);
    vec![password(settings), plain(NATS_URL, &url)]
}

/// The way out to it.
pub(super) fn egress(settings: &Settings) -> NetworkPolicyEgressRule {
    peers::out(peers::pods(&identity(settings)), vec![peers::tcp(PORT)])
}

/// Whether a service has events, and no NATS or other way for them of its own.
pub(super) fn uses(service: &ServiceSettings) -> bool {
    let deploy = &service.deploy;
    let own = [NATS_URL, "EVENT_SUBSCRIBERS"];
    let own = own.iter().any(|name| deploy.secrets.contains_key(*name) || deploy.env.contains_key(*name));
    service.service.has_events() && !own
}

fn identity(settings: &Settings) -> Identity {
    program_identity(settings, NAME)
}

fn password(settings: &Settings) -> EnvVar {
    environment::from_secret(PASSWORD, &secret_name(settings), NATS_PASSWORD)
}

fn container(settings: &Settings, image: &str) -> Container {
    let port = |name: &str, number| ContainerPort {
        name: Some(name.to_owned()),
        container_port: number,
        ..ContainerPort::default()
    };
    let requests = pairs([("cpu", "20m"), ("memory", "32Mi"), ("ephemeral-storage", "64Mi")]);
    let monitoring = format!("--http_port={MONITORING}");
    let password_argument = format!("--pass=$({PASSWORD})");
    let arguments = ["--jetstream", "--store_dir=/data", &monitoring, &format!("--user={USER}"), &password_argument];
    Container {
        name: NAME.to_owned(),
        image: Some(image.to_owned()),
        image_pull_policy: Some("IfNotPresent".to_owned()),
        // Where the program lies differs between the official images, and so does what their entry points add.
        command: Some(vec!["nats-server".to_owned()]),
        args: Some(arguments.map(str::to_owned).to_vec()),
        ports: Some(vec![port(NAME, PORT), port("monitoring", MONITORING)]),
        env: Some(vec![
            plain("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/"),
            password(settings),
        ]),
        startup_probe: Some(healthy(1, 60)),
        readiness_probe: Some(healthy(5, 2)),
        liveness_probe: Some(healthy(20, 6)),
        resources: Some(resources::requirements(requests, pairs([("memory", "256Mi")]))),
        security_context: Some(security::container()),
        termination_message_policy: Some("FallbackToLogsOnError".to_owned()),
        volume_mounts: Some(vec![security::mount("data", "/data")]),
        ..Container::default()
    }
}

fn healthy(period: i32, failures: i32) -> Probe {
    Probe {
        http_get: Some(HTTPGetAction {
            path: Some("/healthz".to_owned()),
            port: IntOrString::String("monitoring".to_owned()),
            ..HTTPGetAction::default()
        }),
        period_seconds: Some(period),
        timeout_seconds: Some(5),
        failure_threshold: Some(failures),
        ..Probe::default()
    }
}
