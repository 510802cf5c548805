//! `patches` of msvc.yaml: the user's last word on any object, as strategic merge patches.

mod merge;

use serde_json::Value;

pub use merge::merge;

use super::Object;
use crate::error::{Error, Result, nearest};
use crate::project::ServiceSettings;
use crate::project::deploy::Patch;

/// Applies the patches of a service to its objects, in the order written. A patch that names its target may also
/// change the project's backing.
///
/// # Errors
/// A patch that fits no object, can't be applied, or would make another object of it (exit code 2).
pub fn apply_all(objects: &mut [Object], service: &ServiceSettings) -> Result<()> {
    for (i, patch) in service.deploy.patches.iter().enumerate() {
        let place = format!("deploy.patches[{i}] of service `{}`", service.service.name);
        apply(objects, service.service.name.as_str(), patch, &place)?;
    }
    Ok(())
}

fn apply(objects: &mut [Object], service: &str, patch: &Patch, place: &str) -> Result<()> {
    let mut matched = false;
    for object in objects.iter_mut().filter(|o| fits(o, service, patch)) {
        matched = true;
        let identity = object.id();
        merge(&mut object.value, &patch.patch)
            .map_err(|why| Error::invalid(format!("{place} can't be applied to {identity}")).cause(why))?;
        let patched = Object::from_value(object.value.clone(), object.service.as_deref());
        match patched {
            Some(patched) if patched.id() == identity => *object = patched,
            _ => {
                return Err(Error::invalid(format!("{place} can't be applied to {identity}"))
                    .cause("it changes apiVersion, kind, name or namespace, which makes another object")
                    .hint("put an object of your own into a file and name it under `manifests`"));
            }
        }
    }
    if matched { Ok(()) } else { Err(no_target(objects, service, patch, place)) }
}

fn fits(object: &Object, service: &str, patch: &Patch) -> bool {
    let named = patch.target.name.as_deref();
    let in_reach = match object.service.as_deref() {
        Some(owner) => owner == service,
        None => named.is_some(),
    };
    in_reach && object.kind == patch.target.kind && named.is_none_or(|name| object.name == name)
}

fn no_target(objects: &[Object], service: &str, patch: &Patch, place: &str) -> Error {
    let target = &patch.target;
    let wanted = target.name.as_ref().map_or_else(|| target.kind.clone(), |name| format!("{}/{name}", target.kind));
    let reachable = objects.iter().filter(|o| o.service.as_deref().is_none_or(|owner| owner == service));
    let mut known: Vec<String> = reachable
        .map(|o| if o.service.is_none() || target.name.is_some() { o.id().to_string() } else { o.kind.clone() })
        .collect();
    known.sort();
    known.dedup();
    let error = Error::invalid(format!("{place} fits no object")).cause(format!("there is no {wanted}"));
    match nearest(&wanted, known.iter().map(String::as_str)) {
        Some(near) => error.hint(format!("did you mean {near}?")),
        None => error.hint(format!("the objects: {}", known.join(", "))),
    }
}

/// Whether a value is a map with the directive given.
fn directive(value: &Value) -> Option<&str> {
    value.get("$patch").and_then(Value::as_str)
}
