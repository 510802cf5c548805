//! A connection to a port of a pod, through the API server.

use k8s_openapi::api::core::v1::Pod;
use kube::api::Portforwarder;
use tokio::io::{AsyncRead, AsyncWrite, copy_bidirectional};

use super::Cluster;
use crate::error::{Error, Result};

/// An open connection to a port of a pod.
pub struct Tunnel {
    forwarder: Portforwarder,
    port: u16,
}

impl Cluster {
    /// Connects to `port` of a pod.
    ///
    /// # Errors
    /// There is no such pod; no rights; no answer.
    pub async fn tunnel(&self, pod: &str, port: u16) -> Result<Tunnel> {
        let (api, ports) = (self.typed::<Pod>(), [port]);
        let forwarder = self.ask(&format!("connect to pod {pod}"), || api.portforward(pod, &ports)).await?;
        Ok(Tunnel { forwarder, port })
    }
}

impl Tunnel {
    /// Carries bytes both ways until both sides have ended.
    ///
    /// # Errors
    /// The pod refused the connection, or it broke.
    pub async fn carry(mut self, mut client: impl AsyncRead + AsyncWrite + Unpin) -> Result<()> {
        let Some(mut stream) = self.forwarder.take_stream(self.port) else { return Ok(()) };
        let refused = self.forwarder.take_error(self.port);
        let carried = copy_bidirectional(&mut client, &mut stream).await;
        drop(stream);
        if let Some(refused) = refused
            && let Some(why) = refused.await
        {
            return Err(Error::failed("the pod refused the connection").cause(why));
        }
        carried.map(|_| ()).map_err(|e| Error::failed("the connection broke").cause(e.to_string()))
    }
}
