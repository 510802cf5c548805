//! Asks registries by the OCI distribution protocol.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use oci_client::Client;
use oci_client::client::{ClientConfig, ClientProtocol};
use oci_client::errors::{OciDistributionError as Oci, OciEnvelope, OciErrorCode};

use super::{Credentials, Digest, Reference, Session, credentials_for};
use crate::error::{Context, Error, Result};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
const READ_TIMEOUT: Duration = Duration::from_secs(30);
const USER_AGENT: &str = concat!("msvc/", env!("CARGO_PKG_VERSION"));

/// The digest that `reference`, with a tag, stands for in its registry; `None` if the registry has no such image.
/// Credentials come from the Docker config; registries on this machine are spoken to without TLS.
///
/// # Errors
/// The name is none, the registry can't be reached, or it refuses.
pub async fn digest_of(reference: &str) -> Result<Option<Digest>> {
    Session::look(&reference.parse()?).await?.named().await
}

/// The processors (`amd64`) that an image is for; `None` if the registry has no such image, none where it does not say.
///
/// # Errors
/// As for [`digest_of`].
pub async fn processors_of(reference: &str) -> Result<Option<Vec<String>>> {
    Session::look(&reference.parse()?).await?.processors().await
}

/// One that speaks the protocol of registries, and one for all else.
pub(super) type Clients = (Client, reqwest::Client);

/// Clients for the registry of `reference`. Making them means reading all certificates of this machine, so a process has
/// them once: for registries that are spoken to without TLS each, and for all others.
pub(super) fn clients(reference: &Reference) -> Result<Clients, Oci> {
    static KNOWN: Mutex<BTreeMap<Option<String>, Clients>> = Mutex::new(BTreeMap::new());
    let plain = reference.is_local().then(|| reference.inner().resolve_registry().to_owned());
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    Ok(match known.entry(plain) {
        Entry::Occupied(known) => known.get().clone(),
        Entry::Vacant(unknown) => {
            let clients = new(unknown.key().iter().cloned().collect())?;
            unknown.insert(clients).clone()
        }
    })
}

fn new(plain: Vec<String>) -> Result<Clients, Oci> {
    // Several crates bring TLS; the process's choice is made once, whoever comes first.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = Client::try_from(ClientConfig {
        protocol: ClientProtocol::HttpsExcept(plain),
        connect_timeout: Some(CONNECT_TIMEOUT),
        read_timeout: Some(READ_TIMEOUT),
        user_agent: USER_AGENT,
        // Which of several platforms is wanted, its user says.
        platform_resolver: None,
        ..ClientConfig::default()
    })?;
    let http = reqwest::Client::builder().connect_timeout(CONNECT_TIMEOUT).read_timeout(READ_TIMEOUT);
    Ok((client, http.user_agent(USER_AGENT).build()?))
}

/// What the Docker config has for the registry of `reference`.
pub(super) async fn known_for(reference: &Reference) -> Result<Credentials> {
    let registry = reference.host().to_owned();
    tokio::task::spawn_blocking(move || credentials_for(&registry))
        .await
        .failed(|| "could not get the registry's credentials")?
}

pub(super) fn is_missing(error: &Oci) -> bool {
    match error {
        Oci::ImageManifestNotFoundError(_) => true,
        Oci::ServerError { code, .. } => *code == 404,
        Oci::RegistryError { envelope, .. } => envelope.errors.iter().any(|e| {
            matches!(e.code, OciErrorCode::ManifestUnknown | OciErrorCode::NameUnknown | OciErrorCode::NotFound)
        }),
        _ => false,
    }
}

/// Whether it is about who asks.
pub(super) fn is_refusal(error: &Oci) -> bool {
    match error {
        Oci::UnauthorizedError { .. } | Oci::AuthenticationFailure(_) | Oci::ServerError { code: 401, .. } => true,
        Oci::RequestError(e) => e.status().is_some_and(|status| status.as_u16() == 401),
        _ => false,
    }
}

/// Why the registry of `reference` did not do what was wanted of it: `doing`, as in "refused to push".
pub(super) fn explain(reference: &Reference, known: &Credentials, doing: &str, error: Oci) -> Error {
    let registry = reference.registry();
    let login = format!("`docker login {registry}`");
    match error {
        e if is_refusal(&e) && *known == Credentials::Anonymous => {
            Error::failed(format!("the registry {registry} wants credentials, and the Docker config has none for it"))
                .hint(format!("{login} writes them"))
        }
        e if is_refusal(&e) => {
            Error::failed(format!("the registry {registry} refused the credentials that the Docker config has for it"))
                .hint(format!("{login} renews them"))
        }
        Oci::RegistryError { envelope, .. } => refused(reference, doing, envelope),
        Oci::ServerError { code: code @ 400..500, message, url } => match serde_json::from_str(&message) {
            Ok(envelope) => refused(reference, doing, envelope),
            Err(_) => gave_no_answer(reference, &Oci::ServerError { code, message, url }),
        },
        Oci::RequestError(e) => {
            let error: Result<()> = Err(e).failed(|| format!("could not reach the registry {registry}"));
            let error = error.err().unwrap_or_else(Error::interrupted);
            error.hint("is the name right, and the network up?")
        }
        other => gave_no_answer(reference, &other),
    }
}

fn refused(reference: &Reference, doing: &str, envelope: OciEnvelope) -> Error {
    let error = Error::failed(format!("the registry {} refused to {doing} {reference}", reference.registry()));
    envelope.errors.into_iter().map(|e| e.message).filter(|m| !m.is_empty()).fold(error, Error::cause)
}

fn gave_no_answer(reference: &Reference, error: &Oci) -> Error {
    Error::failed(format!("the registry {} gave no proper answer about {reference}", reference.registry()))
        .cause(error.to_string())
}
