//! Before anything is changed: what would keep a deploy from working, all of it at once. What is asked of cluster and
//! registry is gathered first; what follows from it is decided by pure functions.

mod agreement;
mod facts;
mod images;
mod pods;
mod quantity;
mod quota;
mod references;
mod rights;
mod scaling;

use super::client::Cluster;
use super::deploy::Request;
use super::object::Object;
use crate::error::{Error, Result};
use crate::progress::Progress;
use facts::Facts;

pub use images::missing as missing_image;

/// One thing that would keep a deploy from working.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What is wrong, in one sentence without a full stop.
    pub what: String,
    /// What to do about it.
    pub hint: String,
}

impl Finding {
    /// A finding.
    pub fn new(what: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { what: what.into(), hint: hint.into() }
    }
}

/// Refuses a deploy that would not work.
///
/// # Errors
/// With everything that was found, `known` included.
pub(super) async fn check(
    cluster: &Cluster,
    request: &Request<'_>,
    objects: &[Object],
    known: &[Finding],
    progress: &dyn Progress,
) -> Result<()> {
    let task = progress.task("looking ahead");
    let facts = Facts::gather(cluster, request, objects, progress).await;
    drop(task);
    let mut found = known.to_vec();
    for finding in findings(objects, &facts) {
        if !found.contains(&finding) {
            found.push(finding);
        }
    }
    refusal(request.settings.environment.as_deref().unwrap_or(cluster.namespace()), &found).map_or(Ok(()), Err)
}

/// What follows from the objects and the facts. It changes nothing and asks nobody.
fn findings(objects: &[Object], facts: &Facts) -> Vec<Finding> {
    let concerned: Vec<&Object> = objects.iter().filter(|o| facts.concerns(o)).collect();
    let mut found = rights::unserved(&facts.unserved);
    found.extend(rights::lacking(&facts.who, &facts.lacking));
    // Of what `manifests` put elsewhere, nothing more is known.
    let here: Vec<&Object> = concerned.into_iter().filter(|o| facts.is_here(o)).collect();
    found.extend(references::missing(&here, objects, facts));
    found.extend(images::unfit(&here, &facts.images, &facts.nodes));
    found.extend(agreement::disagreements(&here, &facts.deployments));
    found.extend(scaling::contradictions(&here, facts));
    found.extend(quota::exceeded(&here, facts));
    found
}

/// The error that tells all of the findings; `None`: there are none.
#[must_use]
pub fn refusal(place: &str, found: &[Finding]) -> Option<Error> {
    if found.is_empty() {
        return None;
    }
    let error = Error::failed(format!("the deploy to {place} would fail, so nothing was changed"));
    let error = found.iter().fold(error, |error, finding| error.cause(finding.what.clone()));
    let mut hints: Vec<&String> = Vec::new();
    for finding in found {
        if !hints.contains(&&finding.hint) {
            hints.push(&finding.hint);
        }
    }
    Some(hints.into_iter().fold(error, |error, hint| error.hint(hint.clone())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_finding_is_told_and_no_hint_twice() {
        assert!(refusal("staging", &[]).is_none());
        let found = [Finding::new("a is missing", "make it"), Finding::new("b is missing", "make it")];
        let error = refusal("staging", &found).unwrap();
        assert_eq!(error.message, "the deploy to staging would fail, so nothing was changed");
        assert_eq!(error.causes, ["a is missing", "b is missing"]);
        assert_eq!(error.hints, ["make it"]);
    }
}
