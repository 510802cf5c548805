//! Redis, for the services that keep a cache in it and have no `REDIS_URL` of their own. It writes nothing down: what is
//! in it can be read from the databases again.

use k8s_openapi::api::core::v1::{Container, EnvVar, Probe, TCPSocketAction};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

use super::names_any;
use super::program::Program;
use crate::kubernetes::objects::security;
use crate::project::{Backing, ServiceSettings};

const NAME: &str = "redis";
const PORT: i32 = 6379;
const PASSWORD: &str = "REDIS_PASSWORD";
const REDIS_URL: &str = "REDIS_URL";

pub(super) const REDIS: Program = Program {
    name: NAME,
    port: PORT,
    user: security::NONROOT,
    image: Backing::redis,
    is_needed: |service| service.service.caches_in_redis() && !is_named(service),
    password: PASSWORD,
    variable: REDIS_URL,
    address: |host, _| format!("redis://:$({PASSWORD})@{host}:{PORT}"),
    container,
    probe,
    patience: 60,
    requests: ["20m", "32Mi", "16Mi"],
    memory: "128Mi",
    folders: &[["data", "16Mi", "/data"]],
};

/// Whether a service says where its Redis is.
pub(in crate::kubernetes) fn is_named(service: &ServiceSettings) -> bool {
    names_any(service, &[REDIS_URL])
}

fn container(password: EnvVar) -> Container {
    let password_argument = format!("$({PASSWORD})");
    // What was not asked for in a while makes room, and nothing is saved.
    let arguments = ["--dir", "/data", "--save", "", "--maxmemory", "64mb", "--maxmemory-policy", "allkeys-lru"];
    let arguments = arguments.into_iter().chain(["--requirepass", &password_argument]);
    Container {
        command: Some(vec!["redis-server".to_owned()]),
        args: Some(arguments.map(str::to_owned).collect()),
        env: Some(vec![password]),
        ..Container::default()
    }
}

fn probe() -> Probe {
    let port = IntOrString::String(NAME.to_owned());
    Probe { tcp_socket: Some(TCPSocketAction { port, ..TCPSocketAction::default() }), ..Probe::default() }
}
