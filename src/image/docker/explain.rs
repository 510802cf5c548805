//! The engine's and the registry's refusals, each in one sentence with what to do about it.

use std::time::Duration;

use bollard::errors::Error as Bollard;

use crate::error::{Context, Error, Result};
use crate::registry::{Credentials, Reference};

/// The engine's text, without what bollard puts in front.
pub(super) fn text(error: &Bollard) -> String {
    match error {
        Bollard::DockerStreamError { error } => error.clone(),
        Bollard::DockerResponseServerError { message, .. } => message.clone(),
        other => other.to_string(),
    }
}

/// An error of the engine, or of the way to it, with its chain of causes.
pub(super) fn failed(what: &str, error: Bollard) -> Error {
    match error {
        Bollard::DockerStreamError { .. } | Bollard::DockerResponseServerError { .. } => {
            with_room(Error::failed(what).cause(text(&error)))
        }
        other => chain(what, other),
    }
}

fn chain(what: &str, error: Bollard) -> Error {
    let result: Result<()> = Err(error).failed(|| what);
    result.err().unwrap_or_else(|| Error::failed(what))
}

/// What is needed to speak TLS with an engine.
const CERTIFICATES: &str = "DOCKER_CERT_PATH, or the Docker context, has ca.pem of who signed the engine's certificate, \
                            and cert.pem with key.pem that the engine trusts";

/// A certificate that is needed for the way to the engine is not there.
pub(super) fn no_certificate(address: &str, file: &std::path::Path) -> Error {
    Error::failed(format!("there are no certificates for the Docker engine at {address}"))
        .cause(format!("{} is missing", file.display()))
        .hint(CERTIFICATES)
}

/// The error with what to do about a full disk, where that is what the engine says.
pub(super) fn with_room(error: Error) -> Error {
    if error.causes.iter().any(|cause| cause.to_lowercase().contains("no space left on device")) {
        return error.hint(
            "if it is the engine's disk: `docker system df` shows what fills it, `docker system prune` makes room",
        );
    }
    error
}

/// No engine answers at `address`.
pub(super) fn unreachable(address: &str, error: Bollard) -> Error {
    let mut error = chain(&format!("no Docker engine answers at {address}"), error);
    let says = |parts: &[&str]| error.causes.iter().any(|cause| parts.iter().any(|part| cause.contains(part)));
    if says(&["certificate", "fatal alert", "corrupt message"]) {
        error.message = format!("could not speak TLS with the Docker engine at {address}");
        return error.hint(CERTIFICATES);
    }
    if says(&["HTTP request to an HTTPS server"]) {
        return error
            .hint("it speaks TLS: set DOCKER_TLS_VERIFY=1, and DOCKER_CERT_PATH to the folder of certificates");
    }
    if error.causes.iter().any(|cause| cause.contains("ermission denied")) {
        return error.hint("you may not use its socket: join the group `docker`, or use a rootless engine");
    }
    error
        .hint("start it: `sudo systemctl start docker`, Docker Desktop, or `podman system service`")
        .hint("if it listens elsewhere, say so with DOCKER_HOST or `docker context use`")
}

/// The engine took the connection and then said nothing.
pub(super) fn silent(address: &str, waited: Duration) -> Error {
    Error::failed(format!("the Docker engine at {address} does not answer"))
        .cause(format!("waited {} s", waited.as_secs()))
        .hint("restart it, or look into its log: `journalctl -u docker`")
}

/// The connection broke while the engine worked.
pub(super) fn gone(what: &str, cause: Option<Bollard>) -> Error {
    let what = format!("the Docker engine went away while it {what}");
    let error = match cause {
        Some(cause) => chain(&what, cause),
        None => Error::failed(what).cause("it closed the connection without a result"),
    };
    error.hint("start it again and repeat the command: steps that were done are kept")
}

/// A push that the registry, or the way to it, did not allow.
pub(super) fn push(reference: &Reference, credentials: &Credentials, said: &str) -> Error {
    let registry = reference.registry();
    let login = format!("`docker login {registry}`");
    let lower = said.to_lowercase();
    let has = |parts: &[&str]| parts.iter().any(|part| lower.contains(part));
    let unauthorized = has(&["no basic auth credentials", "unauthorized", "authentication required", "401"]);
    let error = if unauthorized && *credentials == Credentials::Anonymous {
        Error::failed(format!("the registry {registry} wants credentials, and the Docker config has none for it"))
            .hint(format!("{login} writes them"))
    } else if unauthorized {
        Error::failed(format!("the registry {registry} refused the credentials that the Docker config has for it"))
            .hint(format!("{login} renews them"))
    } else if has(&["denied", "forbidden", "403"]) {
        Error::failed(format!("the registry {registry} does not let you push {}", reference.repository()))
            .hint(format!("does the repository exist, and may the user of {login} write to it?"))
    } else if has(&["http response to https client", "certificate", "tls:"]) {
        Error::failed(format!("the engine could not speak TLS with the registry {registry}")).hint(
            "give the registry a certificate that the engine trusts, or name it in the engine's `insecure-registries`",
        )
    } else if has(&[
        "connection refused",
        "no such host",
        "i/o timeout",
        "no route to host",
        "dial tcp",
        "server misbehaving",
    ]) {
        Error::failed(format!("the engine could not reach the registry {registry}"))
            .hint("is the name right, and the registry up? The engine's network counts, not this shell's")
    } else {
        Error::failed(format!("the registry {registry} refused {reference}"))
    };
    error.cause(said.trim())
}
