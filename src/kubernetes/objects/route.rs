//! How the outside reaches a service by host name: an HTTPRoute to the environment's gateway, or an Ingress.

use k8s_openapi::api::networking::v1::{
    HTTPIngressPath, HTTPIngressRuleValue, Ingress, IngressBackend, IngressRule, IngressServiceBackend, IngressSpec,
    IngressTLS, ServiceBackendPort,
};
use serde_json::json;

use super::{HTTP, Scope, service};
use crate::error::Result;
use crate::kubernetes::Object;
use crate::project::deploy::Expose;

/// # Errors
/// A gateway that is not written `namespace/name`, or a certificate that the gateway must hold (exit code 2).
pub(super) fn route(scope: &Scope) -> Result<Option<Object>> {
    let Some(expose) = &scope.service.deploy.expose else { return Ok(None) };
    let Some(host) = &expose.host else { return Ok(None) };
    let path = expose.path.as_deref().unwrap_or("/");
    if !path.starts_with('/') {
        return Err(scope.invalid(format!("deploy.expose.path: {path:?} does not start with a slash")));
    }
    match &scope.settings.gateway {
        Some(gateway) => http_route(scope, gateway, expose, host, path).map(Some),
        None => Ok(Some(Object::typed(&ingress(scope, expose, host, path), Some(scope.name())))),
    }
}

fn ingress(scope: &Scope, expose: &Expose, host: &str, path: &str) -> Ingress {
    let backend = IngressServiceBackend {
        name: scope.name().to_owned(),
        port: Some(ServiceBackendPort { name: Some(HTTP.to_owned()), number: None }),
    };
    let path = HTTPIngressPath {
        path: Some(path.to_owned()),
        path_type: "Prefix".to_owned(),
        backend: IngressBackend { service: Some(backend), resource: None },
    };
    let rule = IngressRule { host: Some(host.to_owned()), http: Some(HTTPIngressRuleValue { paths: vec![path] }) };
    let tls =
        |secret: &String| vec![IngressTLS { hosts: Some(vec![host.to_owned()]), secret_name: Some(secret.clone()) }];
    Ingress {
        metadata: scope.identity().metadata(),
        spec: Some(IngressSpec {
            rules: Some(vec![rule]),
            tls: expose.tls.as_ref().map(tls),
            ..IngressSpec::default()
        }),
        ..Ingress::default()
    }
}

/// The Gateway API is no part of Kubernetes' own types.
fn http_route(scope: &Scope, gateway: &str, expose: &Expose, host: &str, path: &str) -> Result<Object> {
    if expose.tls.is_some() {
        return Err(scope
            .invalid("deploy.expose.tls: behind a gateway the certificate belongs to the gateway")
            .hint("leave `tls` out, or delete it for this environment with `tls: null`"));
    }
    let (namespace, name) = match gateway.split_once('/') {
        Some((namespace, name)) if !namespace.is_empty() && !name.is_empty() && !name.contains('/') => {
            (namespace, name)
        }
        _ => return Err(scope.invalid(format!("gateway: {gateway:?} is not written namespace/name"))),
    };
    let metadata = scope.identity().metadata();
    Ok(Object {
        api_version: "gateway.networking.k8s.io/v1".to_owned(),
        kind: "HTTPRoute".to_owned(),
        namespace: metadata.namespace.clone(),
        name: scope.name().to_owned(),
        service: Some(scope.name().to_owned()),
        value: json!({
            "apiVersion": "gateway.networking.k8s.io/v1",
            "kind": "HTTPRoute",
            "metadata": metadata,
            "spec": {
                "parentRefs": [{ "namespace": namespace, "name": name }],
                "hostnames": [host],
                "rules": [{
                    "matches": [{ "path": { "type": "PathPrefix", "value": path } }],
                    "backendRefs": [{ "name": scope.name(), "port": service::port(&scope.service.deploy) }],
                }],
            },
        }),
    })
}
