//! The Service in front of a service's pods: its API, never its management port.

use k8s_openapi::api::core::v1::{Service, ServicePort, ServiceSpec};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

use super::{HTTP, Scope};
use crate::project::Settings;
use crate::project::deploy::{Deploy, ExposeType, Port};

/// Port of a Service, unless `expose.port` says otherwise.
const PORT: u16 = 80;

pub(super) fn service(scope: &Scope) -> Service {
    let kind = match scope.service.deploy.expose.as_ref().and_then(|e| e.kind) {
        None => "ClusterIP",
        Some(ExposeType::LoadBalancer) => "LoadBalancer",
        Some(ExposeType::NodePort) => "NodePort",
    };
    Service {
        metadata: scope.identity().metadata(),
        spec: Some(ServiceSpec {
            type_: Some(kind.to_owned()),
            selector: Some(scope.identity().selector()),
            ports: Some(vec![ServicePort {
                name: Some(HTTP.to_owned()),
                app_protocol: Some(
                    if scope.service.service.speaks_grpc() { "kubernetes.io/h2c" } else { "http" }.to_owned(),
                ),
                port: port(&scope.service.deploy),
                target_port: Some(IntOrString::String(HTTP.to_owned())),
                ..ServicePort::default()
            }]),
            ..ServiceSpec::default()
        }),
        ..Service::default()
    }
}

/// The port that others reach the service at.
pub(super) fn port(deploy: &Deploy) -> i32 {
    i32::from(deploy.expose.as_ref().and_then(|e| e.port).map_or(PORT, Port::number))
}

/// Where the service called `name` answers inside the cluster. One that is not part of the project is taken to
/// be another project's in the same namespace.
pub(super) fn address(settings: &Settings, name: &str) -> String {
    let known = settings.services.iter().find(|s| s.service.name.as_str() == name);
    match known.map_or(i32::from(PORT), |s| port(&s.deploy)) {
        80 => format!("http://{name}"),
        other => format!("http://{name}:{other}"),
    }
}
