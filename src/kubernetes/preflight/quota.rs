//! Whether the namespace's quotas have room for the pods that are to come: those of new and grown Deployments, and the
//! one more that a rolling update needs. What is uncertain is left to the rollout.

use std::collections::BTreeMap;

use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::core::v1::ResourceQuota;
use serde_json::Value;

use super::Finding;
use super::facts::Facts;
use super::pods::{items, template, wanted};
use super::quantity::number;
use crate::kubernetes::CONFIG_ANNOTATION;
use crate::kubernetes::object::Object;

/// What has no room. Where pods go with this deploy, room may come, so nothing is said.
pub(super) fn exceeded(objects: &[&Object], facts: &Facts) -> Vec<Finding> {
    if facts.prunes_pods() {
        return Vec::new();
    }
    let mut more: BTreeMap<String, f64> = BTreeMap::new();
    for object in objects.iter().filter(|o| o.kind == "Deployment") {
        let pods = additional(object, objects, &facts.deployments);
        if pods > 0 {
            add(&mut more, object, pods);
        }
    }
    facts.quotas.iter().flat_map(|quota| of_quota(quota, &more)).collect()
}

/// How many pods more than now a Deployment can't do without.
fn additional(object: &Object, objects: &[&Object], live: &[Deployment]) -> i64 {
    let wanted = wanted(object, objects);
    let Some(live) = live.iter().find(|d| d.metadata.name.as_deref() == Some(&object.name)) else { return wanted };
    let now = live.spec.as_ref().and_then(|s| s.replicas).unwrap_or(1);
    let grown = (wanted - i64::from(now)).max(0);
    // Beside all that run, since none of them may be missing meanwhile.
    let surge = i64::from(now > 0 && wanted > 0 && rolls(object, live) && never_fewer(object));
    grown.max(surge)
}

fn rolls(object: &Object, live: &Deployment) -> bool {
    let Ok(live) = serde_json::to_value(live) else { return false };
    let annotation = format!("/spec/template/metadata/annotations/{}", CONFIG_ANNOTATION.replace('/', "~1"));
    let image = "/spec/template/spec/containers/0/image";
    [annotation.as_str(), image].iter().any(|at| object.value.pointer(at) != live.pointer(at))
}

fn never_fewer(object: &Object) -> bool {
    let fewer = object.value.pointer("/spec/strategy/rollingUpdate/maxUnavailable");
    fewer.is_some_and(|value| value == 0 || value == "0%" || value == "0")
}

/// Counts pods of a Deployment in, by the names that quotas use.
fn add(sum: &mut BTreeMap<String, f64>, object: &Object, pods: i64) {
    let Some(template) = template(object) else { return };
    let pods = f64::from(i32::try_from(pods).unwrap_or(i32::MAX));
    let mut count = |name: String, amount: f64| *sum.entry(name).or_default() += amount * pods;
    for name in ["pods", "count/pods"] {
        count(name.to_owned(), 1.0);
    }
    for container in items(template, "/spec/containers") {
        for list in ["requests", "limits"] {
            let amounts = container.pointer(&format!("/resources/{list}")).and_then(Value::as_object);
            for (resource, amount) in amounts.into_iter().flatten() {
                let Some(amount) = amount.as_str().and_then(number) else { continue };
                count(format!("{list}.{resource}"), amount);
                if list == "requests" {
                    // The plain name means the requests.
                    count(resource.clone(), amount);
                }
            }
        }
    }
}

fn of_quota(quota: &ResourceQuota, more: &BTreeMap<String, f64>) -> Vec<Finding> {
    // Those of some pods only are left to the cluster.
    let scoped = quota.spec.as_ref().is_some_and(|s| s.scopes.is_some() || s.scope_selector.is_some());
    let Some(status) = quota.status.as_ref().filter(|_| !scoped) else { return Vec::new() };
    let (hard, used) = (status.hard.clone().unwrap_or_default(), status.used.clone().unwrap_or_default());
    let name = quota.metadata.name.as_deref().unwrap_or_default();
    let mut found = Vec::new();
    for (resource, limit) in &hard {
        let (Some(limit_number), Some(needed)) = (number(&limit.0), more.get(resource)) else { continue };
        let used = used.get(resource).map_or("0", |q| q.0.as_str());
        if number(used).is_some_and(|used| used + needed > limit_number * (1.0 + 1e-9)) {
            found.push(Finding::new(
                format!(
                    "the quota `{name}` allows {resource} {}, of which {used} is taken, and the deploy needs {} more",
                    limit.0,
                    shown(resource, *needed)
                ),
                "ask for less under `deploy.resources`, or have the quota raised: `kubectl describe quota` shows it",
            ));
        }
    }
    found
}

/// An amount in the unit that people write it in.
fn shown(resource: &str, amount: f64) -> String {
    let bytes = resource.ends_with("memory") || resource.ends_with("storage");
    if bytes {
        format!("{:.0}Mi", amount / 1_048_576.0)
    } else if amount.fract() > 1e-9 {
        format!("{:.0}m", amount * 1000.0)
    } else {
        format!("{amount:.0}")
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn deployment(replicas: u32, image: &str) -> Value {
        let container = json!({"name": "orders", "image": image, "resources":
            {"requests": {"cpu": "250m", "memory": "64Mi"}, "limits": {"memory": "128Mi"}}});
        json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "orders"},
            "spec": {"replicas": replicas, "selector": {}, "strategy": {"rollingUpdate": {"maxUnavailable": 0}},
                "template": {"spec": {"containers": [container]}}}})
    }

    fn told(desired: Value, live: Option<Value>, hard: &Value, used: &Value) -> Vec<String> {
        let object = Object::from_value(desired, Some("orders")).unwrap();
        let quota = json!({"metadata": {"name": "small"}, "status": {"hard": hard, "used": used}});
        let facts = Facts {
            quotas: vec![serde_json::from_value(quota).unwrap()],
            deployments: live.into_iter().map(|d| serde_json::from_value(d).unwrap()).collect(),
            ..Facts::default()
        };
        exceeded(&[&object], &facts).into_iter().map(|f| f.what).collect()
    }

    #[test]
    fn new_pods_are_counted_with_what_they_ask_for() {
        let said = told(deployment(3, "a"), None, &json!({"pods": "4", "requests.cpu": "500m"}), &json!({"pods": "1"}));
        assert_eq!(
            said,
            ["the quota `small` allows requests.cpu 500m, of which 0 is taken, and the deploy needs 750m more"]
        );
        let said =
            told(deployment(3, "a"), None, &json!({"limits.memory": "256Mi"}), &json!({"limits.memory": "128Mi"}));
        assert_eq!(
            said,
            ["the quota `small` allows limits.memory 256Mi, of which 128Mi is taken, and the deploy needs 384Mi more"]
        );
    }

    #[test]
    fn a_rolling_update_needs_one_more_and_the_same_again_none() {
        let (hard, used) = (json!({"pods": "2"}), json!({"pods": "2"}));
        let same = told(deployment(2, "a"), Some(deployment(2, "a")), &hard, &used);
        assert_eq!(same, Vec::<String>::new());
        let other = told(deployment(2, "b"), Some(deployment(2, "a")), &hard, &used);
        assert_eq!(other, ["the quota `small` allows pods 2, of which 2 is taken, and the deploy needs 1 more"]);
    }
}
