//! What a deploy is going to apply and prune, decided before anything is changed.

use super::inventory::{Entry, Inventory};
use super::object::Object;
use super::packed::Packed;
use super::release::{Release, Status};
use super::{order, secret};
use crate::error::Result;
use crate::kubernetes::backing::SecretPlan;

/// What a deploy does.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// To be applied, in the order of their waves.
    pub apply: Vec<Object>,
    /// To be deleted afterwards.
    pub prune: Vec<Entry>,
    /// What the inventory says while it is under way: all that may be there.
    pub during: Inventory,
    /// What it says afterwards.
    pub after: Inventory,
    /// The whole project as it is afterwards, for the record.
    pub whole: Packed,
    /// The number of the deploy; that of the newest record where nothing is new.
    pub revision: u32,
}

/// Plans a deploy of the `selected` services (none: all) out of all that the project has.
///
/// # Errors
/// Only some services are selected, and what the others are can't be read from the newest record.
pub fn plan(
    objects: Vec<Object>,
    backing: Option<&SecretPlan>,
    namespace: &str,
    before: &Inventory,
    newest: Option<&Release>,
    selected: &[String],
) -> Result<Plan> {
    let concerned =
        |service: Option<&String>| selected.is_empty() || service.is_none_or(|service| selected.contains(service));
    let apply: Vec<Object> = objects.into_iter().filter(|o| concerned(o.service.as_ref())).collect();
    let mut desired: Vec<Entry> = apply.iter().map(Entry::from).collect();
    desired.extend(backing.map(|plan| secret::entry(plan, namespace)));
    let desired = Inventory(desired);
    let prune = before.obsolete(&desired, selected);
    let during = desired.clone().union(before);
    let kept = Inventory(before.0.iter().filter(|e| !prune.contains(e)).cloned().collect());
    let whole = match newest.filter(|_| !selected.is_empty()) {
        None => Packed::of(&apply)?,
        Some(newest) => {
            let others = newest.objects.objects()?.into_iter().filter(|o| !concerned(o.service.as_ref()));
            let mut whole: Vec<Object> = apply.iter().cloned().chain(others).collect();
            order::sort(&mut whole);
            Packed::of(&whole)?
        }
    };
    let revision = match newest {
        None => 1,
        Some(newest) if newest.objects.holds_same_as(&whole) => newest.revision,
        Some(newest) => newest.revision + 1,
    };
    Ok(Plan { apply, prune, after: desired.union(&kept), during, whole, revision })
}

/// The newest release that came to run, whatever was tried since.
#[must_use]
pub fn last_good(releases: &[Release]) -> Option<&Release> {
    releases.iter().find(|r| r.status == Status::Deployed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn object(name: &str, service: Option<&str>, data: &str) -> Object {
        let value = json!({"apiVersion": "v1", "kind": "ConfigMap",
            "metadata": {"name": name, "namespace": "shop"}, "data": {"x": data}});
        Object::from_value(value, service).unwrap()
    }

    fn release(revision: u32, objects: &[Object]) -> Release {
        Release {
            revision,
            status: Status::Deployed,
            images: [].into(),
            commit: None,
            who: String::new(),
            when: "2026-01-31T10:00:00Z".parse().unwrap(),
            objects: Packed::of(objects).unwrap(),
        }
    }

    fn inventory(objects: &[Object]) -> Inventory {
        Inventory(objects.iter().map(Entry::from).collect())
    }

    #[test]
    fn the_first_deploy_has_number_one_and_prunes_nothing() {
        let plan = plan(vec![object("a", Some("a"), "1")], None, "shop", &Inventory::default(), None, &[]).unwrap();
        assert_eq!((plan.revision, plan.prune.len(), plan.apply.len()), (1, 0, 1));
        assert_eq!(plan.during, plan.after);
    }

    #[test]
    fn the_same_again_keeps_its_number_and_a_change_gets_the_next() {
        let objects = [object("a", Some("a"), "1")];
        let (old, before) = (release(4, &objects), inventory(&objects));
        let again = plan(objects.to_vec(), None, "shop", &before, Some(&old), &[]).unwrap();
        assert_eq!(again.revision, 4);
        let changed = plan(vec![object("a", Some("a"), "2")], None, "shop", &before, Some(&old), &[]).unwrap();
        assert_eq!(changed.revision, 5);
    }

    #[test]
    fn what_is_pruned_stays_in_the_inventory_until_it_is_gone() {
        let objects = [object("a", Some("a"), "1"), object("b", Some("b"), "1")];
        let (old, before) = (release(1, &objects), inventory(&objects));
        let plan = plan(vec![object("a", Some("a"), "1")], None, "shop", &before, Some(&old), &[]).unwrap();
        assert_eq!(plan.prune, [Entry::from(&object("b", Some("b"), "1"))]);
        assert_eq!((plan.during.0.len(), plan.after.0.len()), (2, 1));
    }

    #[test]
    fn one_service_of_several_leaves_the_others_as_they_are() {
        let objects = [object("a", Some("a"), "1"), object("b", Some("b"), "1")];
        let (old, before) = (release(1, &objects), inventory(&objects));
        let all = vec![object("a", Some("a"), "2"), object("b", Some("b"), "2")];
        let plan = plan(all, None, "shop", &before, Some(&old), &["a".to_owned()]).unwrap();
        assert_eq!(plan.apply, [object("a", Some("a"), "2")]);
        let whole = plan.whole.objects().unwrap();
        assert_eq!(whole, [object("a", Some("a"), "2"), object("b", Some("b"), "1")]);
        assert_eq!(plan.after.0.len(), 2);
        assert_eq!(plan.revision, 2);
    }
}
