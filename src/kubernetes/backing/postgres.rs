//! The objects of PostgreSQL. The official image works with them, Debian's variants of it as well as others that
//! take the same variables and run as user 999.

use k8s_openapi::api::apps::v1::{Deployment, DeploymentSpec, DeploymentStrategy};
use k8s_openapi::api::core::v1::{
    Container, ContainerPort, ExecAction, PodSpec, PodTemplateSpec, Probe, Service, ServiceAccount, ServicePort,
    ServiceSpec,
};
use k8s_openapi::api::networking::v1::{NetworkPolicy, NetworkPolicyIngressRule, NetworkPolicySpec};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

use super::access::{password, plain};
use super::{PORT, USER, identity, users};
use crate::kubernetes::Object;
use crate::kubernetes::labels::pairs;
use crate::kubernetes::objects::{self, peers, resources, security};
use crate::project::Settings;

/// The user of the official image.
const POSTGRES: i64 = 999;
const NAME: &str = "postgres";

pub(super) fn objects(settings: &Settings, image: &str) -> Vec<Object> {
    let account = ServiceAccount {
        metadata: metadata(settings),
        automount_service_account_token: Some(false),
        ..ServiceAccount::default()
    };
    vec![
        Object::typed(&account, None),
        Object::typed(&network_policy(settings), None),
        Object::typed(&service(settings), None),
        Object::typed(&deployment(settings, image), None),
    ]
}

fn metadata(settings: &Settings) -> ObjectMeta {
    identity(settings).metadata()
}

/// In: the services that store in it. Out: nothing.
fn network_policy(settings: &Settings) -> NetworkPolicy {
    let from = users(settings).map(|s| peers::pods(&objects::identity(settings, s.service.name.as_str())));
    NetworkPolicy {
        metadata: metadata(settings),
        spec: Some(NetworkPolicySpec {
            pod_selector: Some(identity(settings).label_selector()),
            policy_types: Some(vec!["Ingress".to_owned(), "Egress".to_owned()]),
            ingress: Some(vec![NetworkPolicyIngressRule {
                from: Some(from.collect()),
                ports: Some(vec![peers::tcp(PORT)]),
            }]),
            egress: None,
        }),
    }
}

fn service(settings: &Settings) -> Service {
    Service {
        metadata: metadata(settings),
        spec: Some(ServiceSpec {
            selector: Some(identity(settings).selector()),
            ports: Some(vec![ServicePort {
                name: Some(NAME.to_owned()),
                port: PORT,
                target_port: Some(IntOrString::String(NAME.to_owned())),
                ..ServicePort::default()
            }]),
            ..ServiceSpec::default()
        }),
        ..Service::default()
    }
}

fn deployment(settings: &Settings, image: &str) -> Deployment {
    let identity = identity(settings);
    let pod = PodSpec {
        service_account_name: Some(identity.instance.clone()),
        automount_service_account_token: Some(false),
        enable_service_links: Some(false),
        containers: vec![container(settings, image)],
        volumes: Some(vec![
            security::scratch("data", "2Gi"),
            security::scratch("run", "16Mi"),
            security::scratch("tmp", "64Mi"),
        ]),
        security_context: Some(security::pod(POSTGRES)),
        ..PodSpec::default()
    };
    Deployment {
        metadata: metadata(settings),
        spec: Some(DeploymentSpec {
            replicas: Some(1),
            selector: identity.label_selector(),
            // There is one set of data, so there is never a second pod beside the first.
            strategy: Some(DeploymentStrategy { type_: Some("Recreate".to_owned()), rolling_update: None }),
            revision_history_limit: Some(2),
            progress_deadline_seconds: Some(300),
            template: PodTemplateSpec {
                metadata: Some(ObjectMeta { labels: Some(identity.labels()), ..ObjectMeta::default() }),
                spec: Some(pod),
            },
            ..DeploymentSpec::default()
        }),
        ..Deployment::default()
    }
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
