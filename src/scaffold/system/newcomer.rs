//! One more service for a system that is there.

use std::path::Path;

use super::{Part, clients};
use crate::error::{Error, Result};
use crate::project::{FILE, Project, System};
use crate::scaffold::answers::Answers;
use crate::scaffold::lock;
use crate::scaffold::render::{Place, Rendered};
use crate::scaffold::source::Source;
use crate::scaffold::tree::Tree;

/// A service that is not there yet.
#[derive(Debug)]
pub struct Newcomer {
    /// Its folder, relative to the system's.
    pub dir: String,
    /// Its template.
    pub source: Source,
    /// The answers to it.
    pub answers: Answers,
    /// What it renders to in a system.
    pub rendered: Rendered,
}

impl Newcomer {
    /// As a part of the system.
    #[must_use]
    pub fn part(&self, place: Place) -> Part {
        let Rendered { service, files } = &self.rendered;
        Part::new(self.dir.clone(), service, &self.source, files.clone(), place)
    }

    /// Checks that clients can be made for what it calls.
    ///
    /// # Errors
    /// It calls a service that speaks gRPC (exit code 2, with the place).
    pub fn check(&self, place: Place) -> Result<()> {
        let Rendered { service, files } = &self.rendered;
        let declared = files.get(FILE).map(|entry| String::from_utf8_lossy(&entry.bytes));
        clients::check(&self.source, service, &declared.unwrap_or_default(), &self.dir, place)
    }

    /// Its files and provenance, once the workspace's part is taken out of them; `dir` is where they will lie.
    ///
    /// # Errors
    /// The provenance can't be packed.
    pub fn files(&self, mut files: Tree, dir: &Path) -> Result<Tree> {
        lock::add(&mut files, &self.source.clone().seen_from(dir), &self.answers)?;
        Ok(files)
    }
}

/// The folder, relative to the system's, that a new service called `name` goes to.
///
/// # Errors
/// There is something already, or the system names its services one by one (exit code 2).
pub fn place_of(project: &Project, system: &System, name: &str) -> Result<String> {
    if project.services.iter().any(|file| file.service.name.as_str() == name) {
        return Err(Error::usage(format!("{} has a service `{name}` already", system.name))
            .hint("choose another name, or extend it: `msvc add entity`"));
    }
    let parents = system.services.iter().filter_map(|pattern| pattern.strip_suffix("/*"));
    let parent = parents.into_iter().next().ok_or_else(|| {
        Error::usage(format!("there is no place for a new service in {}", system.name))
            .cause(format!("{FILE} names its services one by one"))
            .hint("name a folder of services instead: `services: [services/*]`")
    })?;
    Ok(format!("{parent}/{name}"))
}
