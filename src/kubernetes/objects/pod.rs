//! The pod of a service.

use k8s_openapi::api::core::v1::{LocalObjectReference, PodSpec, PodTemplateSpec};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

use super::{MANAGEMENT_PORT, Scope, container, environment, scheduling, security};
use crate::error::Result;
use crate::kubernetes::labels::{pairs, version};
use crate::kubernetes::{CONFIG_ANNOTATION, backing};

/// Seconds beyond leaving and finishing, before a pod is killed.
const MARGIN: u32 = 5;

pub(super) fn template(scope: &Scope, config_hash: &str) -> Result<PodTemplateSpec> {
    let mut labels = scope.identity().labels();
    labels.extend(version(scope.image));
    let annotations = pairs([
        (CONFIG_ANNOTATION, config_hash),
        ("kubectl.kubernetes.io/default-container", scope.name()),
        ("prometheus.io/scrape", "true"),
        ("prometheus.io/port", &MANAGEMENT_PORT.to_string()),
        ("prometheus.io/path", "/metrics"),
    ]);
    Ok(PodTemplateSpec {
        metadata: Some(ObjectMeta { labels: Some(labels), annotations: Some(annotations), ..ObjectMeta::default() }),
        spec: Some(spec(scope)?),
    })
}

fn spec(scope: &Scope) -> Result<PodSpec> {
    let pull = scope.settings.pull_secrets.iter().map(|name| LocalObjectReference { name: name.clone() });
    let grace = container::LEAVE + environment::shutdown_timeout(scope)? + MARGIN;
    Ok(PodSpec {
        service_account_name: Some(scope.name().to_owned()),
        automount_service_account_token: Some(false),
        // Variables of other services would otherwise appear by their names, and could hide ours.
        enable_service_links: Some(false),
        image_pull_secrets: (!scope.settings.pull_secrets.is_empty()).then(|| pull.collect()),
        init_containers: backing::init_containers(scope.settings, scope.service),
        containers: vec![container::container(scope)?],
        volumes: Some(vec![security::scratch("tmp", "64Mi")]),
        security_context: Some(security::pod(security::NONROOT)),
        termination_grace_period_seconds: Some(i64::from(grace)),
        affinity: Some(scheduling::affinity(scope)),
        topology_spread_constraints: Some(scheduling::spread(scope)),
        node_selector: scheduling::node_selector(scope),
        tolerations: scheduling::tolerations(scope)?,
        ..PodSpec::default()
    })
}
