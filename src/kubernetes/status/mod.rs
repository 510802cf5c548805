//! How an environment stands: every service with its pods, autoscaler, addresses and problems.

mod endpoints;
mod service;

use jiff::Timestamp;
use k8s_openapi::api::apps::v1::{Deployment, ReplicaSet};
use k8s_openapi::api::autoscaling::v2::HorizontalPodAutoscaler;
use k8s_openapi::api::core::v1::{Event, Pod, Service};
use k8s_openapi::api::networking::v1::Ingress;
use schemars::JsonSchema;
use serde::Serialize;

pub use service::{Autoscaler, Condition, Metric, ProblemReport, ServiceStatus, State};

use super::client::Cluster;
use super::{inventory, release};
use crate::error::Result;
use crate::project::Settings;

/// How an environment stands.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct EnvironmentStatus {
    /// Version of this document: `msvc/v1`.
    pub api_version: &'static str,
    /// `Status`.
    pub kind: &'static str,
    /// The environment; `null` where the project declares none.
    pub environment: Option<String>,
    /// The namespace.
    pub namespace: String,
    /// The newest deploy; `null`: there was none, or its record can't be read.
    pub release: Option<ReleaseStatus>,
    /// The services, then the backing.
    pub services: Vec<ServiceStatus>,
}

/// The newest deploy.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ReleaseStatus {
    /// Its number.
    pub revision: u32,
    /// `pending`, `deployed` or `failed`.
    pub status: &'static str,
    /// Who deployed.
    pub who: String,
    /// When it began, RFC 3339.
    pub when: String,
    /// The git commit that it was made from.
    pub commit: Option<String>,
}

/// What was read of the namespace.
struct Seen {
    namespace: String,
    revision: Option<u32>,
    deployments: Vec<Deployment>,
    replica_sets: Vec<ReplicaSet>,
    pods: Vec<Pod>,
    events: Vec<Event>,
    scalers: Vec<HorizontalPodAutoscaler>,
    services: Vec<Service>,
    ingresses: Vec<Ingress>,
    now: Timestamp,
}

/// Looks how the services named in `settings` stand.
///
/// # Errors
/// The cluster can't be reached, or does not let this user see its Deployments and pods.
pub async fn status(settings: &Settings) -> Result<EnvironmentStatus> {
    let cluster = Cluster::connect(settings.context.as_deref(), &settings.namespace).await?;
    let project = settings.project.as_str();
    let (deployments, pods) = tokio::try_join!(cluster.list(""), cluster.list(""))?;
    // What a user may not see is left out.
    let (releases, applied) = tokio::join!(release::list(&cluster, project), inventory::read(&cluster, project));
    let (replica_sets, events, scalers, services, ingresses) =
        tokio::join!(cluster.list(""), cluster.list(""), cluster.list(""), cluster.list(""), cluster.list(""));
    let newest = releases.ok().and_then(|all| all.into_iter().next());
    let seen = Seen {
        namespace: cluster.namespace().to_owned(),
        revision: newest.as_ref().map(|r| r.revision),
        deployments,
        replica_sets: replica_sets.unwrap_or_default(),
        pods,
        events: events.unwrap_or_default(),
        scalers: scalers.unwrap_or_default(),
        services: services.unwrap_or_default(),
        ingresses: ingresses.unwrap_or_default(),
        now: Timestamp::now(),
    };
    let mut names: Vec<String> = settings.services.iter().map(|s| s.service.name.to_string()).collect();
    let applied = applied.ok().flatten().unwrap_or_default().0;
    names.extend(applied.into_iter().filter(|e| e.service.is_none() && e.id.kind == "Deployment").map(|e| e.id.name));
    Ok(EnvironmentStatus {
        api_version: crate::project::API_VERSION,
        kind: "Status",
        environment: settings.environment.clone(),
        namespace: seen.namespace.clone(),
        release: newest.map(|r| ReleaseStatus {
            revision: r.revision,
            status: r.status.name(),
            who: r.who,
            when: r.when.to_string(),
            commit: r.commit,
        }),
        services: names.iter().map(|name| service::status(name, &seen)).collect(),
    })
}
