//! The objects of a program that comes along: one pod, reached by the services that need it and by nobody else.

use k8s_openapi::api::apps::v1::{Deployment, DeploymentSpec, DeploymentStrategy};
use k8s_openapi::api::core::v1::{
    Container, ContainerPort, PodSpec, PodTemplateSpec, Probe, Service, ServiceAccount, ServicePort, ServiceSpec,
};
use k8s_openapi::api::networking::v1::{NetworkPolicy, NetworkPolicyIngressRule, NetworkPolicySpec};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

use super::program::Program;
use crate::kubernetes::Object;
use crate::kubernetes::labels::{Identity, pairs};
use crate::kubernetes::objects::{self, peers, resources, security};
use crate::project::{Backing, Settings};

/// The objects of `program`, for those of the project's services that need it.
pub(super) fn of(program: &Program, settings: &Settings, backing: &Backing) -> [Object; 4] {
    let identity = program.identity(settings);
    let account = ServiceAccount {
        metadata: identity.metadata(),
        automount_service_account_token: Some(false),
        ..ServiceAccount::default()
    };
    let container = container(program, settings, backing);
    [
        Object::typed(&account, None),
        Object::typed(&network_policy(program, &identity, settings), None),
        Object::typed(&service(program, &identity), None),
        Object::typed(&deployment(program, &identity, container), None),
    ]
}

/// In: the services that need it. Out: nothing.
fn network_policy(program: &Program, identity: &Identity, settings: &Settings) -> NetworkPolicy {
    let users = program.users(settings);
    let from = users.map(|s| peers::pods(&objects::identity(settings, s.service.name.as_str())));
    NetworkPolicy {
        metadata: identity.metadata(),
        spec: Some(NetworkPolicySpec {
            pod_selector: Some(identity.label_selector()),
            policy_types: Some(vec!["Ingress".to_owned(), "Egress".to_owned()]),
            ingress: Some(vec![NetworkPolicyIngressRule {
                from: Some(from.collect()),
                ports: Some(vec![peers::tcp(program.port)]),
            }]),
            egress: None,
        }),
    }
}

fn service(program: &Program, identity: &Identity) -> Service {
    Service {
        metadata: identity.metadata(),
        spec: Some(ServiceSpec {
            selector: Some(identity.selector()),
            ports: Some(vec![ServicePort {
                name: Some(program.name.to_owned()),
                port: program.port,
                target_port: Some(IntOrString::String(program.name.to_owned())),
                ..ServicePort::default()
            }]),
            ..ServiceSpec::default()
        }),
        ..Service::default()
    }
}

fn deployment(program: &Program, identity: &Identity, container: Container) -> Deployment {
    let pod = PodSpec {
        service_account_name: Some(identity.instance.clone()),
        automount_service_account_token: Some(false),
        enable_service_links: Some(false),
        containers: vec![container],
        volumes: Some(program.folders.iter().map(|[name, room, _]| security::scratch(name, room)).collect()),
        security_context: Some(security::pod(program.user)),
        ..PodSpec::default()
    };
    Deployment {
        metadata: identity.metadata(),
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

fn container(program: &Program, settings: &Settings, backing: &Backing) -> Container {
    let own = (program.container)(program.password(settings));
    let port =
        ContainerPort { name: Some(program.name.to_owned()), container_port: program.port, ..ContainerPort::default() };
    let [cpu, memory, disk] = program.requests;
    let requests = pairs([("cpu", cpu), ("memory", memory), ("ephemeral-storage", disk)]);
    let probe = |period, failures| Probe {
        period_seconds: Some(period),
        timeout_seconds: Some(5),
        failure_threshold: Some(failures),
        ..(program.probe)()
    };
    Container {
        name: program.name.to_owned(),
        image: Some((program.image)(backing).to_owned()),
        image_pull_policy: Some("IfNotPresent".to_owned()),
        ports: Some([port].into_iter().chain(own.ports.into_iter().flatten()).collect()),
        startup_probe: Some(probe(1, program.patience)),
        readiness_probe: Some(probe(5, 2)),
        liveness_probe: Some(probe(20, 6)),
        resources: Some(resources::requirements(requests, pairs([("memory", program.memory)]))),
        security_context: Some(security::container()),
        termination_message_policy: Some("FallbackToLogsOnError".to_owned()),
        volume_mounts: Some(program.folders.iter().map(|[name, _, place]| security::mount(name, place)).collect()),
        ..own
    }
}
