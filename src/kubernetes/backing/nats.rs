//! NATS, which keeps streams, for the services that publish or consume events and have no `NATS_URL` of their own.

use k8s_openapi::api::core::v1::{Container, ContainerPort, EnvVar, HTTPGetAction, Probe};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

use super::program::{Program, USER};
use super::{names_any, plain};
use crate::kubernetes::objects::security;
use crate::project::{Backing, ServiceSettings};

const PORT: i32 = 4222;
const PASSWORD: &str = "NATS_PASSWORD";
const NATS_URL: &str = "NATS_URL";
/// Where it tells the kubelet how it is.
const MONITORING: (&str, i32) = ("monitoring", 8222);

pub(super) const NATS: Program = Program {
    name: "nats",
    port: PORT,
    user: security::NONROOT,
    image: Backing::nats,
    is_needed,
    password: PASSWORD,
    variable: NATS_URL,
    address: |host, _| format!("nats://{USER}:$({PASSWORD})@{host}:{PORT}"),
    container,
    probe,
    patience: 60,
    requests: ["20m", "32Mi", "64Mi"],
    memory: "256Mi",
    folders: &[["data", "1Gi", "/data"]],
};

/// Events have another way where `EVENT_SUBSCRIBERS` names one.
fn is_needed(service: &ServiceSettings) -> bool {
    service.service.has_events() && !names_any(service, &[NATS_URL, "EVENT_SUBSCRIBERS"])
}

fn container(password: EnvVar) -> Container {
    let monitoring = format!("--http_port={}", MONITORING.1);
    let password_argument = format!("--pass=$({PASSWORD})");
    let arguments = ["--jetstream", "--store_dir=/data", &monitoring, &format!("--user={USER}"), &password_argument];
    Container {
        // Where the program lies differs between the official images, and so does what their entry points add.
        command: Some(vec!["nats-server".to_owned()]),
        args: Some(arguments.map(str::to_owned).to_vec()),
        ports: Some(vec![ContainerPort {
            name: Some(MONITORING.0.to_owned()),
            container_port: MONITORING.1,
            ..ContainerPort::default()
        }]),
        env: Some(vec![plain("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/"), password]),
        ..Container::default()
    }
}

fn probe() -> Probe {
    Probe {
        http_get: Some(HTTPGetAction {
            path: Some("/healthz".to_owned()),
            port: IntOrString::String(MONITORING.0.to_owned()),
            ..HTTPGetAction::default()
        }),
        ..Probe::default()
    }
}
