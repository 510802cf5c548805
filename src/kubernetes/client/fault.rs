//! What went wrong between us and the API server, in sentences.

use std::error::Error as _;
use std::time::Duration;

use kube::error::Status;

use super::Place;
use crate::error::Error;

/// The error for `error`, met while trying to do `doing` ("read the inventory").
pub(super) fn explain(error: &kube::Error, place: &Place, doing: &str) -> Error {
    match error {
        kube::Error::Api(status) => refused(status, place, doing),
        kube::Error::Auth(e) => {
            Error::failed(format!("could not log in to {place}")).cause(chain(e)).hint(login_hint(place))
        }
        kube::Error::Service(_) | kube::Error::HyperError(_) | kube::Error::ReadEvents(_) => unreachable(place, error),
        other => Error::failed(format!("could not {doing}")).cause(chain(other)),
    }
}

/// The error for a server that does not answer.
pub(super) fn silent(place: &Place, doing: &str, after: Duration) -> Error {
    Error::failed(format!("could not {doing}"))
        .cause(format!("{place} ({}) did not answer within {} seconds", place.server, after.as_secs()))
        .hint("run the same command again: it continues where this one ended")
}

fn unreachable(place: &Place, error: &kube::Error) -> Error {
    Error::failed(format!("could not reach {place}"))
        .cause(format!("{}: {}", place.server, innermost(error)))
        .hint("is it running, and is its address right? `kubectl cluster-info` asks it the same")
}

fn refused(status: &Status, place: &Place, doing: &str) -> Error {
    if status.code == 401 {
        return Error::failed(format!("{place} does not accept the credentials it was given"))
            .cause(format!("it answered 401 Unauthorized when asked to {doing}"))
            .hint(login_hint(place));
    }
    if status.is_forbidden() {
        return forbidden(status, place, doing);
    }
    let error = Error::failed(format!("could not {doing}"));
    let causes = status.details.iter().flat_map(|d| &d.causes).filter(|c| !c.message.is_empty());
    let causes: Vec<String> = causes.map(|c| field_cause(&c.field, &c.message)).collect();
    if causes.is_empty() { error.cause(status.message.clone()) } else { causes.into_iter().fold(error, Error::cause) }
}

fn field_cause(field: &str, message: &str) -> String {
    if field.is_empty() { message.to_owned() } else { format!("{field}: {message}") }
}

/// Quota and admission answer 403 as well as missing rights; only the latter talk of a user who cannot.
fn forbidden(status: &Status, place: &Place, doing: &str) -> Error {
    match status.message.split_once("is forbidden: User ") {
        Some((_, who)) => {
            let user = place.context.as_ref().map_or_else(String::new, |c| format!("the user of context `{c}` "));
            Error::failed(format!("{user}is not allowed to {doing}").trim_start().to_owned())
                .cause(format!("User {who}"))
                .hint("whoever runs the cluster can grant it with a Role and a RoleBinding")
        }
        None => Error::failed(format!("the cluster refuses to {doing}")).cause(status.message.clone()),
    }
}

fn login_hint(place: &Place) -> String {
    match &place.context {
        Some(context) => format!("log in again as your cluster wants it; `kubectl --context {context} get ns` asks it"),
        None => "is the service account's token mounted?".to_owned(),
    }
}

/// The error and what lies under it, without repetitions.
fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let mut parts = vec![error.to_string()];
    let mut link = error.source();
    while let Some(e) = link {
        let text = e.to_string();
        if !parts.iter().any(|p| p.contains(&text)) {
            parts.push(text);
        }
        link = e.source();
    }
    parts.join(": ")
}

fn innermost(error: &kube::Error) -> String {
    let mut link = error.source();
    let mut text = error.to_string();
    while let Some(e) = link {
        text = e.to_string();
        link = e.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place() -> Place {
        Place { context: Some("dev".into()), server: "https://127.0.0.1:6443".into(), namespace: "shop".into() }
    }

    #[test]
    fn missing_rights_name_what_is_not_allowed() {
        let message = r#"deployments.apps "a" is forbidden: User "viewer" cannot patch resource "deployments" in API group "apps" in the namespace "shop""#;
        let status = Status::failure(message, "Forbidden").with_code(403);
        let error = explain(&kube::Error::Api(status.boxed()), &place(), "apply Deployment a");
        assert_eq!(error.message, "the user of context `dev` is not allowed to apply Deployment a");
        assert!(error.causes[0].starts_with(r#"User "viewer" cannot patch resource "deployments""#), "{error:?}");
    }

    #[test]
    fn a_quota_is_not_told_as_missing_rights() {
        let status = Status::failure("pods is forbidden: exceeded quota: small", "Forbidden").with_code(403);
        let error = explain(&kube::Error::Api(status.boxed()), &place(), "apply Pod a");
        assert_eq!(error.message, "the cluster refuses to apply Pod a");
    }

    #[test]
    fn bad_credentials_are_told() {
        let status = Status::failure("Unauthorized", "Unauthorized").with_code(401);
        let error = explain(&kube::Error::Api(status.boxed()), &place(), "ask");
        assert_eq!(error.message, "the cluster of context `dev` does not accept the credentials it was given");
    }
}
