//! The cluster's API server: the only user of kube. What comes in and goes out are JSON values and the types of
//! k8s-openapi; errors are sentences that say which cluster and what was tried.

mod again;
mod config;
mod dynamic;
mod fault;
mod forward;
mod logs;
mod rights;
mod typed;
mod watch;

use std::future::Future;
use std::time::Duration;

use kube::Client;
use kube::discovery::Discovery;

pub use dynamic::{Apply, Conflict, MANAGER, Refusal};
pub use logs::{LogRequest, Logs};
pub use rights::Right;
pub use typed::Kind;
pub use watch::Change;

use crate::error::{Error, Result};

/// How long a connection to the API server may take.
const CONNECT: Duration = Duration::from_secs(5);
/// How long a single answer may take; a frozen server must not hang us.
const ANSWER: Duration = Duration::from_secs(30);
/// The oldest server that is worked with.
const OLDEST_MINOR: u32 = 33;

/// A namespace of a cluster, seen by one user.
#[derive(Clone)]
pub struct Cluster {
    client: Client,
    kinds: std::sync::Arc<Discovery>,
    place: Place,
}

/// Where a cluster is, for sentences.
#[derive(Debug, Clone)]
struct Place {
    /// Name of the kubeconfig's context; `None` inside a cluster.
    context: Option<String>,
    /// Address of the API server.
    server: String,
    /// The namespace that is worked in.
    namespace: String,
}

impl Cluster {
    /// Connects to the cluster of `context` (none: the current one, or the cluster that this process runs in) and
    /// learns which kinds it serves. Objects without a namespace of their own are in `namespace`.
    ///
    /// # Errors
    /// A context that the kubeconfig lacks (exit code 2); a cluster that can't be reached, does not let this user in,
    /// or is too old.
    pub async fn connect(context: Option<&str>, namespace: &str) -> Result<Self> {
        // Fails only when a provider is installed already, which is just as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let (config, context) = config::load(context).await?;
        let place = Place { context, server: config.cluster_url.to_string(), namespace: namespace.to_owned() };
        let client = Client::try_from(config).map_err(|e| fault::explain(&e, &place, "prepare the connection"))?;
        let version = answer(&place, "ask the cluster for its version", client.apiserver_version()).await?;
        let minor: u32 = version.minor.trim_end_matches(|c: char| !c.is_ascii_digit()).parse().unwrap_or(OLDEST_MINOR);
        if version.major == "1" && minor < OLDEST_MINOR {
            return Err(Error::failed(format!("{place} runs Kubernetes {}", version.git_version))
                .hint(format!("msvc works with 1.{OLDEST_MINOR} and newer")));
        }
        let kinds = Discovery::new(client.clone()).run_aggregated();
        let kinds = answer(&place, "ask the cluster which kinds it serves", kinds).await?;
        Ok(Self { client, kinds: std::sync::Arc::new(kinds), place })
    }

    /// The namespace that is worked in.
    #[must_use]
    pub fn namespace(&self) -> &str {
        &self.place.namespace
    }

    /// The name by which the cluster knows this user, where it tells.
    pub async fn user(&self) -> Option<String> {
        use k8s_openapi::api::authentication::v1::SelfSubjectReview;
        let api: kube::Api<SelfSubjectReview> = kube::Api::all(self.client.clone());
        let (params, question) = (kube::api::PostParams::default(), SelfSubjectReview::default());
        let review = self.ask("ask who I am", || api.create(&params, &question)).await.ok()?;
        review.status?.user_info?.username
    }

    /// The user, in sentences about what they may not do.
    #[must_use]
    pub fn who(&self) -> String {
        match &self.place.context {
            Some(context) => format!("the user of context `{context}`"),
            None => "this pod's service account".to_owned(),
        }
    }

    /// Asks what may be asked twice, and turns what can go wrong into a sentence.
    async fn ask<T, F: Future<Output = kube::Result<T>>>(&self, doing: &str, asking: impl Fn() -> F) -> Result<T> {
        match again::asked(asking).await {
            Ok(answer) => answer.map_err(|e| fault::explain(&e, &self.place, doing)),
            Err(_) => Err(fault::silent(&self.place, doing, ANSWER)),
        }
    }
}

/// The first questions are asked once: a cluster that is not there shall be told of soon.
async fn answer<T>(place: &Place, doing: &str, answering: impl Future<Output = kube::Result<T>>) -> Result<T> {
    match tokio::time::timeout(ANSWER, answering).await {
        Ok(answer) => answer.map_err(|e| fault::explain(&e, place, doing)),
        Err(_) => Err(fault::silent(place, doing, ANSWER)),
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.context {
            Some(context) => write!(f, "the cluster of context `{context}`"),
            None => write!(f, "the cluster at {}", self.server),
        }
    }
}
