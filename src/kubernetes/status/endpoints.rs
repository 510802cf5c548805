//! Where a service can be reached.

use k8s_openapi::api::core::v1::Service;
use k8s_openapi::api::networking::v1::Ingress;

use super::Seen;

/// Addresses of the service called `name`: inside the cluster, by its nodes, by a load balancer, by host names.
pub(super) fn of(name: &str, seen: &Seen) -> Vec<String> {
    let mut found = Vec::new();
    if let Some(service) = seen.services.iter().find(|s| s.metadata.name.as_deref() == Some(name)) {
        found.extend(of_service(name, &seen.namespace, service));
    }
    for ingress in seen.ingresses.iter().filter(|i| leads_to(i, name)) {
        found.extend(hosts(ingress));
    }
    found
}

fn of_service(name: &str, namespace: &str, service: &Service) -> Vec<String> {
    let Some(port) = service.spec.as_ref().and_then(|s| s.ports.as_ref()?.first()) else { return Vec::new() };
    // gRPC is called by HTTP/2 without TLS, too: its clients write http://.
    let is_http = |protocol: &str| protocol.starts_with("http") || protocol == "kubernetes.io/h2c";
    let scheme = if port.app_protocol.as_deref().is_some_and(is_http) { "http" } else { "tcp" };
    let with_port = |host: &str, number: i32| match (scheme, number) {
        ("http", 80) => format!("http://{host}"),
        _ => format!("{scheme}://{host}:{number}"),
    };
    let mut found = vec![with_port(&format!("{name}.{namespace}.svc"), port.port)];
    let ingress = service.status.as_ref().and_then(|s| s.load_balancer.as_ref()?.ingress.as_ref());
    let balanced: Vec<&str> =
        ingress.into_iter().flatten().filter_map(|i| i.hostname.as_deref().or(i.ip.as_deref())).collect();
    found.extend(balanced.iter().map(|host| with_port(host, port.port)));
    if let Some(node_port) = port.node_port.filter(|_| balanced.is_empty()) {
        found.push(with_port("NODE", node_port));
    }
    found
}

fn leads_to(ingress: &Ingress, name: &str) -> bool {
    let rules = ingress.spec.iter().flat_map(|s| s.rules.iter().flatten());
    let mut paths = rules.filter_map(|r| r.http.as_ref()).flat_map(|h| &h.paths);
    paths.any(|p| p.backend.service.as_ref().is_some_and(|s| s.name == name))
}

fn hosts(ingress: &Ingress) -> Vec<String> {
    let Some(spec) = &ingress.spec else { return Vec::new() };
    let scheme = if spec.tls.as_ref().is_some_and(|t| !t.is_empty()) { "https" } else { "http" };
    let rules = spec.rules.iter().flatten();
    rules.filter_map(|r| r.host.as_ref()).map(|host| format!("{scheme}://{host}")).collect()
}
