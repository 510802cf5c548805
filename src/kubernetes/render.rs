//! The objects of a project in one environment.

use std::collections::{BTreeMap, BTreeSet};

use super::objects::{self, Scope};
use super::{Object, backing, manifests, order, patch};
use crate::error::{Error, Result};
use crate::project::{ServiceSettings, Settings};

/// The image of every service: its name to the full reference, with tag or digest.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Images(pub BTreeMap<String, String>);

impl Images {
    /// The full reference of a service's image.
    ///
    /// # Errors
    /// None is known (exit code 2).
    pub fn of(&self, service: &str) -> Result<&str> {
        let known = self.0.get(service).map(String::as_str);
        known.ok_or_else(|| Error::usage(format!("no image is named for service `{service}`")))
    }
}

/// The objects that `settings` ask for, in the order in which they are applied. The same input gives the same
/// output; nothing is read but the files that `manifests` names. The namespace itself is not among them.
///
/// Render the whole project and keep what is wanted by [`Object::service`]: network policies of a service depend
/// on who else uses it.
///
/// # Errors
/// Settings that can't work in a cluster, or files of `manifests` that are invalid (exit code 2).
pub fn render(settings: &Settings, images: &Images) -> Result<Vec<Object>> {
    let mut objects = backing::objects(settings);
    for service in &settings.services {
        objects.extend(of_service(settings, service, images)?);
    }
    for service in &settings.services {
        patch::apply_all(&mut objects, service)?;
    }
    unique(&objects)?;
    order::sort(&mut objects);
    Ok(objects)
}

fn of_service(settings: &Settings, service: &ServiceSettings, images: &Images) -> Result<Vec<Object>> {
    backing::check(settings, service)?;
    let name = service.service.name.as_str();
    let mut objects = objects::of(&Scope { settings, service, image: images.of(name)? })?;
    objects.extend(manifests::read(service, &settings.namespace)?);
    Ok(objects)
}

/// Two objects of the same name would overwrite each other with every deploy.
fn unique(objects: &[Object]) -> Result<()> {
    let mut seen = BTreeSet::new();
    for object in objects {
        let id = object.id();
        if !seen.insert((id.group.clone(), id.kind.clone(), id.namespace.clone(), id.name.clone())) {
            return Err(Error::invalid(format!("{id} is there twice"))
                .cause("two services, or a service and a file of its `manifests`, make an object of that name")
                .hint("to change an object that msvc makes, use `patches`"));
        }
    }
    Ok(())
}
