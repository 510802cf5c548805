//! Brings a system's code up to what its services declare: each is rendered as its template renders it now, and with it
//! what they share; all of it is merged into what is there.

use std::path::Path;

use super::newcomer::Newcomer;
use super::{About, Part, whole};
use crate::error::Result;
use crate::project::load::parse_service;
use crate::project::{FILE, Project, Service, ServiceFile, System};
use crate::scaffold::lock::{self, LOCK, Provenance};
use crate::scaffold::merge::{self, Action, Change, Rules};
use crate::scaffold::regenerate::{Again, Plan, read};
use crate::scaffold::render::{self, Place};
use crate::scaffold::tree::Entry;

/// What shall be different.
#[derive(Debug)]
pub enum Edit<'a> {
    /// The service in this folder shall be declared so.
    Declare {
        /// Its folder.
        dir: &'a Path,
        /// The text of its msvc.yaml.
        declared: &'a str,
        /// What that says.
        service: &'a Service,
        /// Whether migrations may drop what is no longer declared.
        allow_data_loss: bool,
    },
    /// A service shall be added.
    Add(&'a Newcomer),
}

/// What an edit of a system brings along. The other services are rendered from what they declared last: a change of
/// theirs that waits is left waiting.
///
/// # Errors
/// Provenance is missing, a template can't be reached, or the change would lose data (exit code 2).
pub fn plan(project: &Project, system: &System, edit: &Edit) -> Result<Plan> {
    changed(project, edit).check()?;
    let about = About::of(system);
    let place = Place::InSystem { environment: &about.environment };
    let root = lock::read(&project.root)?;
    let (mut parts, mut again) = (Vec::new(), Vec::new());
    for file in &project.services {
        // One that msvc did not make is the user's alone.
        if !file.dir.join(LOCK).is_file() {
            continue;
        }
        let (dir, rendered, service) = match edit {
            Edit::Declare { dir, declared, service, allow_data_loss } if *dir == file.dir => {
                (*dir, Again::render(dir, declared, service, *allow_data_loss, place)?, (*service).clone())
            }
            _ => {
                let declared = lock::read(&file.dir)?.declared;
                let service = parse_service(&declared, lock::BASE)?;
                (file.dir.as_path(), Again::render(&file.dir, &declared, &service, false, place)?, service)
            }
        };
        let options = render::options(&rendered.source, &service, place);
        parts.push(Part { dir: inside(&project.root, dir), service, options, files: rendered.theirs.clone() });
        again.push((dir, rendered));
    }
    if let Edit::Add(newcomer) = edit {
        parts.push(newcomer.part(place));
    }
    let dirs: Vec<String> = parts.iter().map(|part| part.dir.clone()).collect();
    let mut made = whole(&about, parts)?;
    let added = if matches!(edit, Edit::Add(_)) { made.services.pop() } else { None };

    let (mut changes, mut provenance) = (Vec::new(), Vec::new());
    let mut new_version = None;
    for (((dir, mut again), theirs), name) in again.into_iter().zip(made.services).zip(&dirs) {
        again.theirs = theirs;
        new_version = new_version.or(again.new_version());
        let undeclared = !matches!(edit, Edit::Declare { dir: edited, .. } if *edited == dir);
        let (changed, files) = again.merged(dir)?;
        // What waits in its msvc.yaml stays there.
        let changed = changed.into_iter().filter(|change| !(undeclared && change.path == FILE));
        let before = changes.len();
        changes.extend(changed.map(|change| Change { path: format!("{name}/{}", change.path), ..change }));
        if changes.len() > before || !undeclared {
            provenance.extend(files.map(|(path, entry)| (format!("{name}/{path}"), entry)));
        }
    }
    if let (Edit::Add(newcomer), Some(files)) = (edit, added) {
        let dir = dirs.last().cloned().unwrap_or_default();
        let new = newcomer.files(files, &project.root.join(&dir))?.into_iter();
        let create = |(path, entry): (String, Entry)| Change {
            path: format!("{dir}/{path}"),
            action: Action::Create,
            entry: Some(entry),
        };
        changes.extend(new.map(create));
    }
    let ours = read(&project.root, root.base.keys().chain(made.root.keys()))?;
    let mut base = root.base;
    let declared = base.remove(FILE);
    changes.extend(merge::merge(&base, &ours, &made.root, &Rules::of(&made.source.manifest)?)?);
    changes.sort_by(|a, b| a.path.cmp(&b.path));
    if !changes.is_empty() {
        let mut base = made.root;
        base.extend(declared.map(|entry| (FILE.to_owned(), entry)));
        provenance.extend(Provenance { lock: root.lock, base, declared: root.declared }.files()?);
    }
    Ok(Plan { changes, new_version, provenance })
}

/// The project as it will be.
fn changed(project: &Project, edit: &Edit) -> Project {
    let mut changed = project.clone();
    match edit {
        Edit::Declare { dir, service, .. } => {
            for file in changed.services.iter_mut().filter(|file| file.dir == *dir) {
                file.service = (*service).clone();
            }
        }
        Edit::Add(Newcomer { dir, rendered, .. }) => changed.services.push(ServiceFile {
            dir: project.root.join(dir),
            service: rendered.service.clone(),
            document: serde_json::Value::Null,
        }),
    }
    changed
}

/// A folder relative to the system's.
fn inside(root: &Path, dir: &Path) -> String {
    dir.strip_prefix(root).unwrap_or(dir).display().to_string()
}

impl About {
    /// Of a system that is there.
    #[must_use]
    pub fn of(system: &System) -> Self {
        Self {
            name: system.name.clone(),
            description: system.description.clone(),
            environment: system.environments.keys().next().map_or("staging", |name| name.as_str()).to_owned(),
        }
    }
}
