//! Reads a project from disk: the service or system that a folder belongs to.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::Value;

use super::{FILE, Service, System, references, rules, yaml};
use crate::error::{Context, Error, Result, nearest};

/// A whole project: a system with its services, or one service on its own.
#[derive(Debug, Clone)]
pub struct Project {
    /// The folder of the outermost msvc.yaml.
    pub root: PathBuf,
    /// The system, and its document as written; `None` for a service on its own.
    pub system: Option<System>,
    /// The services, in the order of their names.
    pub services: Vec<ServiceFile>,
}

/// A service with the place it was read from.
#[derive(Debug, Clone)]
pub struct ServiceFile {
    /// Its folder.
    pub dir: PathBuf,
    /// What its msvc.yaml declares.
    pub service: Service,
    /// The file as plain data: environments are laid over with the `null`s that types don't keep.
    pub document: Value,
}

impl Project {
    /// The project's name: the system's, or that of its only service.
    #[must_use]
    pub fn name(&self) -> &str {
        match (&self.system, self.services.first()) {
            (Some(system), _) => system.name.as_str(),
            (None, Some(only)) => only.service.name.as_str(),
            (None, None) => "",
        }
    }

    /// Whether its services fit together; it need not be as it lies on disk.
    ///
    /// # Errors
    /// They don't (exit code 2, with the places).
    pub fn check(&self) -> Result<()> {
        rules::check(self)
    }

    /// The service called `name`.
    ///
    /// # Errors
    /// There is none (exit code 2, with the nearest).
    pub fn service(&self, name: &str) -> Result<&ServiceFile> {
        self.services.iter().find(|file| file.service.name.as_str() == name).ok_or_else(|| {
            let known: Vec<&str> = self.services.iter().map(|file| file.service.name.as_str()).collect();
            let error = Error::usage(format!("{} has no service `{name}`", self.name()));
            match nearest(name, known.iter().copied()) {
                Some(near) => error.hint(format!("did you mean `{near}`?")),
                None => error.hint(format!("its services: {}", known.join(", "))),
            }
        })
    }
}

#[derive(Deserialize)]
struct Head {
    kind: Option<String>,
}

/// The folder of the project that `start` lies in: the nearest msvc.yaml upwards, or the system above it.
///
/// # Errors
/// There is none (exit code 2, with a hint how to make one).
pub fn find_root(start: &Path) -> Result<PathBuf> {
    let mut found = start.ancestors().filter(|dir| dir.join(FILE).is_file());
    let nearest = found.next().ok_or_else(|| {
        Error::usage(format!("no {FILE} in {} or above it", start.display()))
            .hint("`msvc new NAME` makes a project; `-C DIR` works on the one in DIR")
    })?;
    for above in found {
        if kind_of(&above.join(FILE))?.as_deref() == Some("System") {
            return Ok(above.to_owned());
        }
    }
    Ok(nearest.to_owned())
}

/// The folder of the system that `start` lies in, if there is one.
///
/// # Errors
/// A project file above can't be read.
pub fn system_root(start: &Path) -> Result<Option<PathBuf>> {
    for dir in start.ancestors().filter(|dir| dir.join(FILE).is_file()) {
        if kind_of(&dir.join(FILE))?.as_deref() == Some("System") {
            return Ok(Some(dir.to_owned()));
        }
    }
    Ok(None)
}

/// Reads the project whose outermost msvc.yaml lies in `root`.
///
/// # Errors
/// A file that can't be read, or is invalid (exit code 2, with its place).
pub fn load(root: &Path) -> Result<Project> {
    let file = root.join(FILE);
    let (system, dirs) = match kind_of(&file)?.as_deref() {
        Some("System") => {
            let system: System = yaml::parse(&read(&file)?, &shown(&file))?;
            let dirs = service_dirs(root, &system)?;
            (Some(system), dirs)
        }
        _ => (None, vec![root.to_owned()]),
    };
    let mut services = dirs.into_iter().map(load_service).collect::<Result<Vec<_>>>()?;
    services.sort_by(|a, b| a.service.name.cmp(&b.service.name));
    let project = Project { root: root.to_owned(), system, services };
    rules::check(&project)?;
    Ok(project)
}

/// Reads a service from the text of its msvc.yaml; `origin` names the text in errors.
///
/// # Errors
/// The text is invalid (exit code 2, with the place).
pub fn parse_service(text: &str, origin: &str) -> Result<Service> {
    let service: Service = yaml::parse(text, origin)?;
    references::check(&service.entities)
        .map_err(|why| Error::invalid(format!("{origin} is not valid")).cause(format!("{origin}: {why}")))?;
    Ok(service)
}

fn load_service(dir: PathBuf) -> Result<ServiceFile> {
    let file = dir.join(FILE);
    let text = read(&file)?;
    let service = parse_service(&text, &shown(&file))?;
    let document = yaml::parse(&text, &shown(&file))?;
    Ok(ServiceFile { dir, service, document })
}

fn kind_of(file: &Path) -> Result<Option<String>> {
    // Anything but a mapping with a kind is told of properly by the strict reading that follows.
    Ok(yaml::parse::<Head>(&read(file)?, &shown(file)).ok().and_then(|head| head.kind))
}

pub(super) fn read(file: &Path) -> Result<String> {
    std::fs::read_to_string(file).invalid(|| format!("could not read {}", shown(file)))
}

/// A path as the user would write it: relative to where they are, if it lies below.
pub(super) fn shown(file: &Path) -> String {
    let here = std::env::current_dir().unwrap_or_default();
    file.strip_prefix(&here).unwrap_or(file).display().to_string()
}

fn service_dirs(root: &Path, system: &System) -> Result<Vec<PathBuf>> {
    let mut dirs = Vec::new();
    for pattern in &system.services {
        match pattern.strip_suffix("/*") {
            Some(parent) => {
                let parent = root.join(parent);
                let entries = match std::fs::read_dir(&parent) {
                    // A system begins without services.
                    Err(e) if e.kind() == std::io::ErrorKind::NotFound => continue,
                    other => other.invalid(|| format!("could not list {}", shown(&parent)))?,
                };
                dirs.extend(entries.flatten().map(|e| e.path()).filter(|dir| dir.join(FILE).is_file()));
            }
            None => dirs.push(root.join(pattern)),
        }
    }
    dirs.sort();
    dirs.dedup();
    Ok(dirs)
}

/// The document as plain data, for laying environments over it.
pub(super) fn to_value<T: serde::Serialize>(document: &T) -> Result<Value> {
    serde_json::to_value(document).failed(|| "could not represent the project as data")
}
