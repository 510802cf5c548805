//! The container of a service.

use k8s_openapi::api::core::v1::{
    ConfigMapEnvSource, Container, ContainerPort, EnvFromSource, Lifecycle, LifecycleHandler, SleepAction,
};

use super::{HTTP, MANAGEMENT, MANAGEMENT_PORT, Scope, environment, probes, resources, security};
use crate::error::Result;

/// Seconds between a pod's leaving and the signal to its process: by then no proxy sends it requests any more.
pub(super) const LEAVE: u32 = 5;

pub(super) fn container(scope: &Scope) -> Result<Container> {
    Ok(Container {
        name: scope.name().to_owned(),
        image: Some(scope.image.to_owned()),
        // Tags come from git and are never moved, so what a node has need not be asked for again.
        image_pull_policy: Some("IfNotPresent".to_owned()),
        ports: Some(vec![port(HTTP, scope.api_port()), port(MANAGEMENT, MANAGEMENT_PORT.into())]),
        env_from: Some(vec![EnvFromSource {
            config_map_ref: Some(ConfigMapEnvSource { name: scope.name().to_owned(), optional: None }),
            ..EnvFromSource::default()
        }]),
        env: environment::secret(scope),
        lifecycle: Some(Lifecycle {
            pre_stop: Some(LifecycleHandler {
                sleep: Some(SleepAction { seconds: i64::from(LEAVE) }),
                ..LifecycleHandler::default()
            }),
            ..Lifecycle::default()
        }),
        startup_probe: Some(probes::startup()),
        readiness_probe: Some(probes::readiness()),
        liveness_probe: Some(probes::liveness()),
        resources: Some(resources::resources(scope)?),
        security_context: Some(security::container()),
        // Where a service ends without a message of its own, its last lines tell why.
        termination_message_policy: Some("FallbackToLogsOnError".to_owned()),
        volume_mounts: Some(vec![security::mount("tmp", "/tmp")]),
        ..Container::default()
    })
}

fn port(name: &str, number: i32) -> ContainerPort {
    ContainerPort { name: Some(name.to_owned()), container_port: number, ..ContainerPort::default() }
}
