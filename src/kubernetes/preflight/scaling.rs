//! Who decides the number of pods: one autoscaler or a fixed number, and a budget that leaves room to drain nodes.

use serde_json::Value;

use super::Finding;
use super::facts::Facts;
use super::pods::{scales, selects, template, text, wanted};
use crate::kubernetes::object::Object;

/// What contradicts each other.
pub(super) fn contradictions(objects: &[&Object], facts: &Facts) -> Vec<Finding> {
    let mut found = Vec::new();
    for object in objects.iter().filter(|o| template(o).is_some()) {
        found.extend(of_scalers(object, objects, facts));
    }
    for budget in objects.iter().filter(|o| o.kind == "PodDisruptionBudget") {
        found.extend(of_budget(budget, objects));
    }
    found
}

fn of_scalers(target: &Object, objects: &[&Object], facts: &Facts) -> Option<Finding> {
    let ours: Vec<&str> = objects.iter().filter(|o| scales(o, target)).map(|o| o.name.as_str()).collect();
    // Those in the cluster that neither are ours nor go with this deploy.
    let theirs = facts.scalers.iter().filter(|s| {
        let reference = s.spec.as_ref().map(|spec| &spec.scale_target_ref);
        reference.is_some_and(|r| r.kind == target.kind && r.name == target.name)
    });
    let theirs = theirs.filter_map(|s| s.metadata.name.as_deref());
    let theirs: Vec<&str> = theirs.filter(|name| !ours.contains(name) && !facts.prunes_scaler(name)).collect();
    let all: Vec<String> = ours.iter().chain(&theirs).map(|name| format!("`{name}`")).collect();
    if all.len() > 1 {
        let what = format!("{} would have {} autoscalers: {}", target.id(), all.len(), all.join(", "));
        return Some(Finding::new(what, "one of them has to go: they undo what the other does"));
    }
    let fixed = target.value.pointer("/spec/replicas").and_then(Value::as_i64)?;
    let [scaler] = all.as_slice() else { return None };
    let what = format!("{} is to have {fixed} pods, and the autoscaler {scaler} decides otherwise", target.id());
    Some(Finding::new(what, "take either away: `deploy.autoscale` in msvc.yaml, or the autoscaler in the cluster"))
}

/// A budget that never lets a pod go keeps nodes from being drained for ever.
fn of_budget(budget: &Object, objects: &[&Object]) -> Option<Finding> {
    let selector = budget.value.pointer("/spec/selector/matchLabels")?.as_object()?;
    let here = objects.iter().filter(|o| o.namespace == budget.namespace);
    let target =
        here.into_iter().find(|o| template(o).is_some_and(|t| selects(selector, t.pointer("/metadata/labels"))))?;
    let fewest = wanted(target, objects);
    let blocks = match (budget.value.pointer("/spec/minAvailable"), budget.value.pointer("/spec/maxUnavailable")) {
        (Some(least), _) => share(least, fewest).is_some_and(|least| least >= fewest),
        (None, Some(most)) => share(most, fewest) == Some(0),
        (None, None) => false,
    };
    let said = ["minAvailable", "maxUnavailable"].into_iter().find_map(|key| {
        let value = budget.value.pointer(&format!("/spec/{key}"))?;
        Some(format!("{key} {}", text(value, "").map_or_else(|| value.to_string(), str::to_owned)))
    });
    blocks.then(|| {
        let what = format!(
            "{} ({}) never lets a pod of {} go, so its node can't be drained",
            budget.id(),
            said.unwrap_or_default(),
            target.id()
        );
        Finding::new(what, "let it keep fewer pods than the least that run, or run more")
    })
}

/// A number, or the part of `all` that a percentage says, rounded up as the cluster does.
fn share(value: &Value, all: i64) -> Option<i64> {
    match value {
        Value::Number(n) => n.as_i64(),
        Value::String(text) => {
            let percent: i64 = text.strip_suffix('%')?.parse().ok()?;
            Some((percent * all + 99) / 100)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn object(kind: &str, name: &str, spec: &Value) -> Object {
        let value = json!({"apiVersion": "v1", "kind": kind, "metadata": {"name": name}, "spec": spec});
        Object::from_value(value, Some("orders")).unwrap()
    }

    fn deployment(replicas: Option<u32>) -> Object {
        let template = json!({"metadata": {"labels": {"app": "orders"}}});
        let mut object = object("Deployment", "orders", &json!({"template": template}));
        if let Some(replicas) = replicas {
            object.value["spec"]["replicas"] = replicas.into();
        }
        object
    }

    fn scaler(name: &str) -> Object {
        let target = json!({"kind": "Deployment", "name": "orders"});
        object("HorizontalPodAutoscaler", name, &json!({"scaleTargetRef": target, "minReplicas": 2}))
    }

    fn told(objects: &[Object], facts: &Facts) -> Vec<String> {
        contradictions(&objects.iter().collect::<Vec<_>>(), facts).into_iter().map(|f| f.what).collect()
    }

    #[test]
    fn one_autoscaler_for_each_target() {
        let none = Facts::default();
        assert_eq!(told(&[deployment(None), scaler("orders")], &none), Vec::<String>::new());
        assert_eq!(
            told(&[deployment(None), scaler("orders"), scaler("mine")], &none),
            ["Deployment/orders would have 2 autoscalers: `orders`, `mine`"]
        );
        let by_hand: k8s_openapi::api::autoscaling::v2::HorizontalPodAutoscaler = serde_json::from_value(json!({
            "metadata": {"name": "by-hand"},
            "spec": {"scaleTargetRef": {"kind": "Deployment", "name": "orders"}, "maxReplicas": 3}
        }))
        .unwrap();
        let live = Facts { scalers: vec![by_hand], ..Facts::default() };
        assert_eq!(
            told(&[deployment(Some(2))], &live),
            ["Deployment/orders is to have 2 pods, and the autoscaler `by-hand` decides otherwise"]
        );
    }

    #[test]
    fn a_budget_leaves_room() {
        let budget = |spec: &Value| {
            let mut budget = object("PodDisruptionBudget", "orders", spec);
            budget.value["spec"]["selector"] = json!({"matchLabels": {"app": "orders"}});
            budget
        };
        let none = Facts::default();
        for fine in [json!({"maxUnavailable": 1}), json!({"minAvailable": 1}), json!({"minAvailable": "50%"})] {
            assert_eq!(told(&[deployment(Some(2)), budget(&fine)], &none), Vec::<String>::new());
        }
        for tight in [json!({"minAvailable": 2}), json!({"minAvailable": "100%"}), json!({"maxUnavailable": 0})] {
            let said = told(&[deployment(None), scaler("orders"), budget(&tight)], &none);
            assert!(said[0].contains("never lets a pod of Deployment/orders go"), "{said:?}");
        }
    }
}
