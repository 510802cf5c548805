//! Where the Docker engine listens: `DOCKER_HOST`, a Docker context, or one of the usual places.

use std::path::{Path, PathBuf};

use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::error::{Context, Error, Result};

/// An engine's address, as Docker writes it, and the folder with ca.pem, cert.pem and key.pem if it speaks TLS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Host {
    pub address: String,
    pub tls: Option<PathBuf>,
}

/// The engine that the user's docker command would talk to.
///
/// # Errors
/// The Docker context that is chosen can't be read.
pub(super) fn find() -> Result<Host> {
    let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    if let Some(address) = variable("DOCKER_HOST") {
        let tls = variable("DOCKER_TLS_VERIFY")
            .map(|_| variable("DOCKER_CERT_PATH").map_or_else(|| config_dir().unwrap_or_default(), PathBuf::from));
        return Ok(Host { address, tls });
    }
    let dir = config_dir();
    let chosen = variable("DOCKER_CONTEXT").or_else(|| dir.as_deref().and_then(current_context));
    match (chosen.as_deref(), dir) {
        (Some(name), Some(dir)) if name != "default" => context(&dir, name),
        _ => Ok(Host { address: format!("unix://{}", usual_socket().display()), tls: None }),
    }
}

fn config_dir() -> Option<PathBuf> {
    let dir = std::env::var_os("DOCKER_CONFIG").map(PathBuf::from);
    dir.or_else(|| std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".docker")))
}

fn current_context(dir: &Path) -> Option<String> {
    let config: Value = serde_json::from_slice(&std::fs::read(dir.join("config.json")).ok()?).ok()?;
    config.get("currentContext")?.as_str().filter(|name| !name.is_empty()).map(str::to_owned)
}

/// Docker keeps a context in a folder that is called after the hash of its name.
fn context(dir: &Path, name: &str) -> Result<Host> {
    let id = Sha256::digest(name).iter().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"));
    let file = dir.join("contexts/meta").join(&id).join("meta.json");
    let what = || format!("could not read the Docker context `{name}`");
    let text = std::fs::read(&file).failed(what).map_err(|e| e.hint("`docker context ls` shows those there are"))?;
    let meta: Value = serde_json::from_slice(&text).failed(what)?;
    let address = meta.pointer("/Endpoints/docker/Host").and_then(Value::as_str);
    let address = address.ok_or_else(|| Error::failed(what()).cause(format!("{} names no host", file.display())))?;
    let tls = dir.join("contexts/tls").join(&id).join("docker");
    Ok(Host { address: address.to_owned(), tls: tls.is_dir().then_some(tls) })
}

/// The engine's socket where it usually is: the system's, a rootless engine's, Docker Desktop's, Podman's.
fn usual_socket() -> PathBuf {
    let system = PathBuf::from("/var/run/docker.sock");
    let runtime = std::env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from);
    let home = std::env::var_os("HOME").map(PathBuf::from);
    let candidates = [
        Some(system.clone()),
        runtime.as_ref().map(|dir| dir.join("docker.sock")),
        home.as_ref().map(|dir| dir.join(".docker/run/docker.sock")),
        home.as_ref().map(|dir| dir.join(".docker/desktop/docker.sock")),
        runtime.as_ref().map(|dir| dir.join("podman/podman.sock")),
        Some(PathBuf::from("/run/podman/podman.sock")),
    ];
    candidates.into_iter().flatten().find(|socket| socket.exists()).unwrap_or(system)
}

#[cfg(test)]
mod tests {
    use super::{Host, context};

    #[test]
    fn a_context_says_where_its_engine_listens() {
        let dir = tempfile::tempdir().unwrap();
        // The hash of `remote`, as `docker context create remote` names the folder.
        let hash = "b71199ebd070b36beab7317920c2c2f1d777df8d05e5527d8458fda57cb17a7a";
        let meta = dir.path().join("contexts/meta").join(hash);
        std::fs::create_dir_all(&meta).unwrap();
        std::fs::write(
            meta.join("meta.json"),
            r#"{"Name":"remote","Endpoints":{"docker":{"Host":"tcp://10.0.0.1:2376"}}}"#,
        )
        .unwrap();
        let host = context(dir.path(), "remote").unwrap();
        assert_eq!(host, Host { address: "tcp://10.0.0.1:2376".to_owned(), tls: None });
        assert!(context(dir.path(), "other").is_err());
    }
}
