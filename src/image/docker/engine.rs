//! The connection to the Docker engine.

use std::time::Duration;

use bollard::{API_DEFAULT_VERSION, BollardRequest, Docker};

use super::explain;
use super::host::{self, Host};
use crate::error::{Context, Error, Result};

/// How long the engine may take to answer at all.
const GREETING: Duration = Duration::from_secs(15);
/// How long a request's first byte may take, in seconds: the engine may read a whole context before it sends one.
const FIRST_BYTE: u64 = 3600;

/// A Docker engine, or one that speaks its protocol.
pub struct Engine {
    pub(super) docker: Docker,
    pub(super) host: Host,
}

impl Engine {
    /// Connects to the engine that the user's docker command would talk to, by a version of the API that both know.
    ///
    /// # Errors
    /// There is none, or it doesn't answer.
    pub async fn connect() -> Result<Self> {
        let host = host::find()?;
        let docker = open(&host)?.with_request_modifier(|request| by_buildkit(url_safe(request)));
        match tokio::time::timeout(GREETING, docker.negotiate_version()).await {
            Ok(Ok(docker)) => Ok(Self { docker, host }),
            Ok(Err(e)) => Err(explain::unreachable(&host.address, e)),
            Err(_) => Err(explain::silent(&host.address, GREETING)),
        }
    }
}

fn open(host: &Host) -> Result<Docker> {
    let Host { address, tls } = host;
    let opened = match (address.split_once("://").map(|(scheme, _)| scheme), tls) {
        (Some("unix"), _) => Docker::connect_with_unix(address, FIRST_BYTE, API_DEFAULT_VERSION),
        (Some("tcp" | "https"), Some(dir)) => {
            // Several crates bring TLS; the process's choice is made once, whoever comes first.
            let _ = rustls::crypto::ring::default_provider().install_default();
            let (key, cert, ca) = (dir.join("key.pem"), dir.join("cert.pem"), dir.join("ca.pem"));
            // An engine need not ask who we are; we ask who it is.
            if !ca.exists() {
                return Err(explain::no_certificate(address, &ca));
            }
            Docker::connect_with_ssl(address, &key, &cert, &ca, FIRST_BYTE, API_DEFAULT_VERSION)
        }
        // By `ssh`, with the user's keys and configuration, and `docker system dial-stdio` over there, as docker does it.
        (Some("ssh"), _) => Docker::connect_with_ssh(address, FIRST_BYTE, API_DEFAULT_VERSION, None),
        (Some("tcp" | "http"), None) => Docker::connect_with_http(address, FIRST_BYTE, API_DEFAULT_VERSION),
        _ => {
            return Err(Error::usage(format!(
                "the Docker engine's address {address} is of a kind that msvc can't use"
            ))
            .hint("use unix://PATH, tcp://HOST:PORT or ssh://USER@HOST"));
        }
    };
    match opened {
        Err(e @ bollard::errors::Error::SocketNotFoundError(_)) => Err(explain::unreachable(address, e)),
        other => other.failed(|| format!("could not connect to the Docker engine at {address}")),
    }
}

/// Builds are asked of bollard as if by the older builder: for BuildKit, it would open a session of its own besides the one
/// that the build names. Here it becomes what is meant.
fn by_buildkit(mut request: BollardRequest) -> BollardRequest {
    let Some((path, query)) = request.uri().path_and_query().map(|p| (p.path(), p.query().unwrap_or_default())) else {
        return request;
    };
    if path.ends_with("/build") {
        let parts = query.split('&').map(|part| if part == "version=1" { "version=2" } else { part });
        let meant = format!("{path}?{}", parts.collect::<Vec<_>>().join("&"));
        let mut whole = request.uri().clone().into_parts();
        whole.path_and_query = meant.parse().ok();
        if let Ok(uri) = whole.try_into() {
            *request.uri_mut() = uri;
        }
    }
    request
}

/// The engine reads these headers as URL-safe base64, while bollard writes the standard alphabet: credentials whose
/// encoding holds `+` or `/` would be taken for none.
fn url_safe(mut request: BollardRequest) -> BollardRequest {
    for name in ["x-registry-auth", "x-registry-config"] {
        if let Some(value) = request.headers_mut().get_mut(name)
            && let Ok(text) = value.to_str()
            && let Ok(safe) = text.replace('+', "-").replace('/', "_").parse()
        {
            *value = safe;
        }
    }
    request
}
