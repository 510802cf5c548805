//! Logs of a pod's container.

use std::pin::Pin;

use futures_util::AsyncBufReadExt as _;
use futures_util::{Stream, StreamExt as _};
use jiff::Timestamp;
use k8s_openapi::api::core::v1::Pod;
use kube::api::LogParams;

use super::Cluster;
use crate::error::{Context as _, Result};

/// Which lines.
#[derive(Debug, Clone, Default)]
pub struct LogRequest {
    /// The container; none: the pod's only one.
    pub container: Option<String>,
    /// Of the container before its last restart.
    pub previous: bool,
    /// Go on with what is written from now on.
    pub follow: bool,
    /// Only what was written since.
    pub since: Option<Timestamp>,
    /// Only the last so many lines.
    pub tail: Option<i64>,
    /// Each line begins with its time (RFC 3339) and a space.
    pub timestamps: bool,
}

/// Lines, as they come.
pub type Logs = Pin<Box<dyn Stream<Item = std::io::Result<String>> + Send>>;

impl LogRequest {
    fn params(&self) -> LogParams {
        LogParams {
            container: self.container.clone(),
            previous: self.previous,
            follow: self.follow,
            since_time: self.since,
            tail_lines: self.tail,
            timestamps: self.timestamps,
            ..LogParams::default()
        }
    }
}

impl Cluster {
    /// The lines of a pod's container, to the end of what is there or, when following, of the container.
    ///
    /// # Errors
    /// There is no such pod or container, or it has not begun; no rights; no answer.
    pub async fn logs(&self, pod: &str, request: &LogRequest) -> Result<Logs> {
        let params = request.params();
        let api = self.typed::<Pod>();
        let stream = self.ask(&format!("read the log of pod {pod}"), || api.log_stream(pod, &params)).await?;
        Ok(Box::pin(stream.lines()))
    }

    /// The last `lines` lines of a container.
    ///
    /// # Errors
    /// As for [`Cluster::logs`].
    pub async fn last_lines(&self, pod: &str, container: &str, previous: bool, lines: i64) -> Result<Vec<String>> {
        let request =
            LogRequest { container: Some(container.to_owned()), previous, tail: Some(lines), ..LogRequest::default() };
        let read: Vec<_> = self.logs(pod, &request).await?.collect().await;
        read.into_iter().collect::<std::io::Result<_>>().failed(|| format!("could not read the log of pod {pod}"))
    }
}
