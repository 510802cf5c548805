//! A port of this machine that leads to a service in the cluster. Every connection goes to a pod that is ready when it
//! is made, so the port outlives its pods.

use std::net::{Ipv4Addr, SocketAddr};

use k8s_openapi::api::core::v1::Pod;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use super::client::Cluster;
use super::objects::MANAGEMENT_PORT;
use super::own::service_selector;
use super::verdict::is_ready;
use crate::error::{Context as _, Error, Result};
use crate::progress::Progress;
use crate::project::Settings;

/// What leads where.
#[derive(Debug, Clone)]
pub struct Request<'a> {
    /// The project in its environment, with the one service.
    pub settings: &'a Settings,
    /// The port to listen on, at 127.0.0.1; 0 picks one, none is the pods' own.
    pub local: Option<u16>,
    /// To the pods' management port instead of the API.
    pub management: bool,
}

/// Listens and forwards, for ever; `listening` is told the address first.
///
/// # Errors
/// The port is taken (exit code 2); the service has no pod that is ready; no rights; no answer.
pub async fn forward(
    request: &Request<'_>,
    listening: impl FnOnce(SocketAddr) -> Result<()>,
    progress: &dyn Progress,
) -> Result<()> {
    let settings = request.settings;
    let cluster = Cluster::connect(settings.context.as_deref(), &settings.namespace).await?;
    let service = &settings.services[0].service;
    let selector = service_selector(&settings.project, service.name.as_str());
    a_ready_pod(&cluster, &selector).await?;
    let remote = if request.management { MANAGEMENT_PORT } else { service.port.number() };
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, request.local.unwrap_or(remote)));
    let listener = TcpListener::bind(address).await.map_err(|e| {
        Error::usage(format!("cannot listen on {address}"))
            .cause(e.to_string())
            .hint("name another port, or 0 for any that is free")
    })?;
    listening(listener.local_addr().failed(|| "could not read the address")?)?;
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                let (client, _) = accepted.failed(|| "could not accept a connection")?;
                connections.spawn(one(cluster.clone(), selector.clone(), remote, client));
            }
            Some(ended) = connections.join_next() => {
                if let Ok(Err(trouble)) = ended {
                    let why = trouble.causes.first().map(|cause| format!(": {cause}")).unwrap_or_default();
                    progress.warning(&format!("{}{why}", trouble.message));
                }
            }
        }
    }
}

async fn one(cluster: Cluster, selector: String, port: u16, client: TcpStream) -> Result<()> {
    let pod = a_ready_pod(&cluster, &selector).await?;
    cluster.tunnel(&pod, port).await?.carry(client).await
}

/// The name of a pod that is ready, the newest of them: during a rollout the old ones are about to end.
async fn a_ready_pod(cluster: &Cluster, selector: &str) -> Result<String> {
    let mut pods: Vec<Pod> = cluster.list(selector).await?;
    pods.retain(|pod| is_ready(pod) && pod.metadata.deletion_timestamp.is_none());
    let newest = pods.into_iter().max_by_key(|pod| pod.metadata.creation_timestamp.as_ref().map(|t| t.0));
    newest
        .and_then(|pod| pod.metadata.name)
        .ok_or_else(|| Error::failed("it has no pod that is ready").hint("`msvc status` tells how it stands"))
}
