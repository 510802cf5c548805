//! What a service finds in its environment: what msvc sets, then what the project says.

use k8s_openapi::api::core::v1::{EnvVar, EnvVarSource, SecretKeySelector};

use super::{MANAGEMENT_PORT, Scope, events, service};
use crate::error::Result;
use crate::kubernetes::backing;
use crate::kubernetes::labels::{Labels, pairs};

/// Seconds that a service may take to finish its requests, unless `SHUTDOWN_TIMEOUT` says otherwise.
const SHUTDOWN_TIMEOUT: u32 = 20;
const SHUTDOWN_TIMEOUT_NAME: &str = "SHUTDOWN_TIMEOUT";

/// The variables that are no secret.
///
/// # Errors
/// A name that can't be a variable, or one whose value belongs elsewhere (exit code 2).
pub(super) fn plain(scope: &Scope) -> Result<Labels> {
    let mut data = pairs([
        ("HOST", "0.0.0.0"),
        ("PORT", &scope.api_port().to_string()),
        ("MANAGEMENT_PORT", &MANAGEMENT_PORT.to_string()),
        (SHUTDOWN_TIMEOUT_NAME, &SHUTDOWN_TIMEOUT.to_string()),
        ("LOG_FORMAT", "json"),
        ("RUST_LOG", "info"),
    ]);
    for used in scope.service.service.calls() {
        data.insert(used.url_variable(), service::address(scope.settings, used.as_str()));
    }
    data.extend(events::environment(scope.settings, scope.service));
    for (name, value) in &scope.service.deploy.env {
        check(scope, name)?;
        data.insert(name.clone(), value.as_str().to_owned());
    }
    for name in scope.service.deploy.secrets.keys() {
        check(scope, name)?;
        data.remove(name);
    }
    shutdown_timeout(scope)?;
    Ok(data)
}

/// The variables whose values lie in Secrets.
pub(super) fn secret(scope: &Scope) -> Option<Vec<EnvVar>> {
    let own = scope.service.deploy.secrets.iter().map(|(name, at)| from_secret(name, &at.name, &at.key));
    let vars: Vec<EnvVar> = backing::environment(scope.settings, scope.service).into_iter().chain(own).collect();
    (!vars.is_empty()).then_some(vars)
}

/// A variable with the value of a Secret's key.
pub(in crate::kubernetes) fn from_secret(name: &str, secret: &str, key: &str) -> EnvVar {
    let selector = SecretKeySelector { name: secret.to_owned(), key: key.to_owned(), optional: None };
    let source = EnvVarSource { secret_key_ref: Some(selector), ..EnvVarSource::default() };
    EnvVar { name: name.to_owned(), value_from: Some(source), ..EnvVar::default() }
}

/// Seconds that the service may take to finish its requests.
///
/// # Errors
/// The project sets no whole number of seconds (exit code 2).
pub(super) fn shutdown_timeout(scope: &Scope) -> Result<u32> {
    match scope.service.deploy.env.get(SHUTDOWN_TIMEOUT_NAME) {
        None => Ok(SHUTDOWN_TIMEOUT),
        Some(text) => text.as_str().parse().ok().filter(|seconds| *seconds <= 3600).ok_or_else(|| {
            let what = format!("{SHUTDOWN_TIMEOUT_NAME} is {:?}, not a number of seconds up to 3600", text.as_str());
            scope.invalid(format!("deploy.env: {what}"))
        }),
    }
}

fn check(scope: &Scope, name: &str) -> Result<()> {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit()) || !name.chars().all(plain) {
        return Err(scope.invalid(format!("deploy: {name:?} can't be the name of an environment variable")));
    }
    match name {
        "PORT" => Err(scope.invalid("deploy: PORT is set from `port`").hint("set `port` in msvc.yaml")),
        "MANAGEMENT_PORT" => Err(scope.invalid(format!("deploy: MANAGEMENT_PORT is always {MANAGEMENT_PORT}"))),
        _ => Ok(()),
    }
}
