//! What this user may do, as the cluster says.

use std::fmt::{self, Display};

use futures_util::{StreamExt as _, stream};
use k8s_openapi::api::authorization::v1::{
    ResourceAttributes, ResourceRule, SelfSubjectAccessReview, SelfSubjectAccessReviewSpec, SelfSubjectRulesReview,
    SelfSubjectRulesReviewSpec,
};
use kube::Api;
use kube::api::PostParams;

use super::Cluster;

/// How many questions are asked at once.
const AT_ONCE: usize = 16;

/// Something that a user may do or not.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Right {
    /// API group; empty for the core group.
    pub group: String,
    /// `deployments`.
    pub resource: String,
    /// Where; `None`: in the whole cluster.
    pub namespace: Option<String>,
    /// `patch`.
    pub verb: &'static str,
}

impl Cluster {
    /// Those of the rights that the user lacks. One question answers for all of a namespace in most clusters; what that
    /// answer does not cover is asked one by one. What the cluster does not say is taken to be granted: it will refuse
    /// by itself.
    pub async fn lacking(&self, rights: &[Right]) -> Vec<Right> {
        let here = Some(self.namespace());
        let rules = self.rules().await;
        let granted = |right: &&Right| right.namespace.as_deref() == here && rules.iter().any(|r| covers(r, right));
        let unsure = rights.iter().filter(|right| !granted(right));
        let asked = unsure.map(|right| async { (!self.may(right).await).then(|| right.clone()) });
        let asked: Vec<_> = asked.collect();
        stream::iter(asked).buffered(AT_ONCE).filter_map(|lacking| async { lacking }).collect().await
    }

    async fn rules(&self) -> Vec<ResourceRule> {
        let api: Api<SelfSubjectRulesReview> = Api::all(self.client.clone());
        let spec = SelfSubjectRulesReviewSpec { namespace: Some(self.namespace().to_owned()) };
        let question = SelfSubjectRulesReview { spec, ..SelfSubjectRulesReview::default() };
        let params = PostParams::default();
        let answer = self.ask("ask what this user may do", || api.create(&params, &question)).await;
        answer.ok().and_then(|a| a.status).map(|s| s.resource_rules).unwrap_or_default()
    }

    async fn may(&self, right: &Right) -> bool {
        let api: Api<SelfSubjectAccessReview> = Api::all(self.client.clone());
        let attributes = ResourceAttributes {
            group: Some(right.group.clone()),
            resource: Some(right.resource.clone()),
            namespace: right.namespace.clone(),
            verb: Some(right.verb.to_owned()),
            ..ResourceAttributes::default()
        };
        let spec = SelfSubjectAccessReviewSpec {
            resource_attributes: Some(attributes),
            ..SelfSubjectAccessReviewSpec::default()
        };
        let question = SelfSubjectAccessReview { spec, ..SelfSubjectAccessReview::default() };
        let params = PostParams::default();
        let answer = self.ask("ask what this user may do", || api.create(&params, &question)).await;
        answer.ok().and_then(|a| a.status).is_none_or(|status| status.allowed)
    }
}

/// Whether a rule grants a right for objects of any name.
fn covers(rule: &ResourceRule, right: &Right) -> bool {
    let names = |list: &[String], wanted: &str| list.iter().any(|one| one == "*" || one == wanted);
    names(&rule.verbs, right.verb)
        && rule.api_groups.as_deref().is_some_and(|groups| names(groups, &right.group))
        && rule.resources.as_deref().is_some_and(|resources| names(resources, &right.resource))
        && rule.resource_names.as_deref().is_none_or(<[String]>::is_empty)
}

impl Display for Right {
    /// `deployments.apps in namespace shop`, without the verb.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.resource)?;
        if !self.group.is_empty() {
            write!(f, ".{}", self.group)?;
        }
        match &self.namespace {
            Some(namespace) => write!(f, " in namespace {namespace}"),
            None => f.write_str(" of the whole cluster"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_covers_what_it_names_and_nothing_by_name_only() {
        let right = Right { group: "apps".into(), resource: "deployments".into(), namespace: None, verb: "patch" };
        let rule = |verbs: &str, groups: &str, resources: &str| ResourceRule {
            verbs: vec![verbs.into()],
            api_groups: Some(vec![groups.into()]),
            resources: Some(vec![resources.into()]),
            resource_names: None,
        };
        assert!(covers(&rule("*", "*", "*"), &right) && covers(&rule("patch", "apps", "deployments"), &right));
        assert!(!covers(&rule("get", "apps", "deployments"), &right));
        assert!(!covers(&rule("patch", "", "deployments"), &right));
        let named = ResourceRule { resource_names: Some(vec!["one".into()]), ..rule("*", "*", "*") };
        assert!(!covers(&named, &right));
    }
}
