//! Credentials from the Docker config: written there by `docker login`, or kept by a credential helper.

use std::path::PathBuf;

use docker_credential::{CredentialRetrievalError as Retrieval, DockerCredential};

use crate::error::{Error, Result};

/// How to introduce oneself to a registry.
#[derive(Clone, PartialEq, Eq)]
pub enum Credentials {
    /// Not at all.
    Anonymous,
    /// By name and password.
    Password {
        /// The name.
        user: String,
        /// The password or access token.
        password: String,
    },
    /// By a token of an identity provider.
    IdentityToken(String),
}

/// Nothing secret is shown.
impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Anonymous => "Anonymous",
            Self::Password { .. } => "Password",
            Self::IdentityToken(_) => "IdentityToken",
        })
    }
}

/// The key of Docker Hub in the config.
pub(crate) const DOCKER_HUB: &str = "https://index.docker.io/v1/";

/// The credentials for `registry`, a host and port. May run a credential helper, and so block.
///
/// # Errors
/// The config or the helper's answer can't be read.
pub fn credentials_for(registry: &str) -> Result<Credentials> {
    let Some(file) = config_file().filter(|file| file.exists()) else { return Ok(Credentials::Anonymous) };
    let key = if registry == "docker.io" { DOCKER_HUB } else { registry };
    let failed = |why: String| {
        Err(Error::failed(format!("could not get the credentials for {registry}"))
            .cause(why)
            .hint(format!("`docker login {registry}` writes them anew")))
    };
    let reader = match std::fs::File::open(&file) {
        Ok(reader) => std::io::BufReader::new(reader),
        Err(e) => return failed(format!("{}: {e}", file.display())),
    };
    match docker_credential::get_credential_from_reader(reader, key) {
        Ok(DockerCredential::UsernamePassword(user, password)) if user.is_empty() && password.is_empty() => {
            Ok(Credentials::Anonymous)
        }
        Ok(DockerCredential::UsernamePassword(user, password)) => Ok(Credentials::Password { user, password }),
        Ok(DockerCredential::IdentityToken(token)) => Ok(Credentials::IdentityToken(token)),
        Err(Retrieval::NoCredentialConfigured | Retrieval::ConfigNotFound) => Ok(Credentials::Anonymous),
        // What helpers say when they keep nothing for this registry.
        Err(Retrieval::HelperFailure { stdout, stderr, .. })
            if format!("{stdout}{stderr}").to_lowercase().contains("credentials not found") =>
        {
            Ok(Credentials::Anonymous)
        }
        Err(Retrieval::HelperFailure { helper, stderr, stdout }) => {
            let said = if stderr.trim().is_empty() { stdout } else { stderr };
            failed(format!("`{helper}` failed: {}", said.trim()))
        }
        Err(Retrieval::HelperCommunicationError) => {
            failed(format!("the credential helper that {} names could not be run", file.display()))
        }
        Err(e) => failed(format!("{}: {e}", file.display())),
    }
}

fn config_file() -> Option<PathBuf> {
    let dir = std::env::var_os("DOCKER_CONFIG").map(PathBuf::from);
    let dir = dir.or_else(|| std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".docker")));
    dir.map(|dir| dir.join("config.json"))
}
