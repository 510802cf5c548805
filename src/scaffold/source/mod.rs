//! Where a template comes from: built in, a folder, or (through `git`) a repository. All end as files in memory.

mod folder;

use std::path::Path;

pub(super) use self::folder::Kind;
pub use self::folder::relative_path;
use self::folder::{Remote, find, is_folder};
use super::lock::{LOCK, Lock};
use super::manifest::{self, FileRule, Included, Manifest};
use super::tree::Tree;
use crate::error::{Context, Error, Result};
use crate::project::yaml;

/// A template in memory.
#[derive(Debug, Clone)]
pub struct Source {
    /// As the user named it: a built-in name, a folder or a git URL. Kept in the lock.
    pub origin: String,
    /// The commit it was read at, if it came from a repository.
    pub commit: Option<String>,
    /// Its description.
    pub manifest: Manifest,
    /// Its files, without template.yaml, includes already in their place.
    pub files: Tree,
}

/// The built-in templates, by name.
///
/// # Errors
/// One of them is invalid.
pub fn built_in() -> Result<Vec<Source>> {
    Kind::Template.names().map(load).collect()
}

/// The template that `name` means: a built-in one, a git URL (`URL#REF:SUBDIR`), or a folder (a name with a `/`, or
/// `.`).
///
/// # Errors
/// There is none (exit code 2, with the nearest), or it is invalid.
pub fn load(name: &str) -> Result<Source> {
    load_kind(Kind::Template, name)
}

/// A built-in folder that templates share, such as `chassis`, as it is on its own: for services that share one.
///
/// # Errors
/// There is none of this name, or it is invalid.
pub fn shared(name: &str) -> Result<Source> {
    let folder = Path::new(name);
    let mut files = folder::embedded(Kind::Template, folder);
    if files.get(manifest::INCLUDED).is_none() {
        return Err(Error::usage(format!("templates share no folder `{name}`")));
    }
    let included = included(&mut files, folder)?;
    let manifest =
        Manifest { name: name.to_owned(), files: included.files, declared: included.needs, ..Manifest::default() };
    Ok(Source { origin: name.to_owned(), commit: None, manifest, files })
}

/// What every system has at its root.
///
/// # Errors
/// It is invalid.
pub(super) fn of_systems() -> Result<Source> {
    load_kind(Kind::System, "system")
}

fn load_kind(kind: Kind, name: &str) -> Result<Source> {
    let (mut source, commit) = find(kind, name, |folder, read| assemble(kind, name, folder, read))?;
    source.commit = commit;
    Ok(source)
}

/// A template's or blueprint's name as it is to be found from the project in `root`: a folder's is relative to it.
pub(super) fn seen_from(origin: &str, root: &Path) -> String {
    folder::seen_from(origin, root).unwrap_or_else(|| origin.to_owned())
}

/// The folder that `name` means, and the commit that it was read at.
///
/// # Errors
/// There is none (exit code 2, with the nearest), or it can't be read.
pub(super) fn folder(kind: Kind, name: &str) -> Result<(Tree, Option<String>)> {
    find(kind, name, |folder, read| read(folder))
}

/// The template that made the project in `root`: a repository at the commit that is on record, a folder where it is as
/// seen from the project.
///
/// # Errors
/// It is not there any more, or can't be reached (with what to do).
pub fn load_locked(lock: &Lock, root: &Path) -> Result<Source> {
    let name = lock.template.as_str();
    let kind = Kind::Template;
    let source = match Remote::parse(name) {
        Some(remote) => {
            let reference = lock.commit.as_deref().or(remote.reference);
            let found = Remote { reference, ..remote }.read(|folder, read| assemble(kind, name, folder, read));
            found.map(|(source, commit)| Source { commit, ..source })
        }
        None if is_folder(name) => assemble(kind, name, &root.join(name), &Tree::read),
        None => load(name),
    };
    source.map_err(|e| {
        e.hint(format!("the project was made from template `{name}`, which {LOCK} names: it is needed again"))
    })
}

impl Source {
    /// Whether it has a file of this path, to be rendered or not.
    #[must_use]
    pub fn has(&self, path: &str) -> bool {
        has(&self.files, path)
    }

    /// The same, named as it is to be found from the project in `root`: a folder's name is relative to it.
    #[must_use]
    pub fn seen_from(mut self, root: &Path) -> Self {
        self.origin = seen_from(&self.origin, root);
        self
    }
}

/// Reads the template in `folder` and what it includes; `read` gives a folder's files.
fn assemble(kind: Kind, origin: &str, folder: &Path, read: &dyn Fn(&Path) -> Result<Tree>) -> Result<Source> {
    let mut files = read(folder)?;
    let shown = folder.join(kind.file()).display().to_string();
    let text = files.remove(kind.file()).ok_or_else(|| {
        Error::usage(format!("{origin} is not a {}", kind.word())).cause(format!("there is no {shown}"))
    })?;
    let text = String::from_utf8(text.bytes).invalid(|| format!("{shown} is not text"))?;
    let mut manifest = Manifest::parse(&text, &shown)?;
    for include in manifest.include.clone() {
        let from = sibling(folder, &include.from).ok_or_else(|| {
            Error::invalid(format!("{shown} is not valid"))
                .cause(format!("include `{}` is not a folder beside the template", include.from))
        })?;
        let mut folder = read(&from)?;
        let included = included(&mut folder, &from)?;
        let rules = included.files.into_iter();
        manifest.files.extend(rules.map(|rule| FileRule { glob: placed(&include.into, &rule.glob), ..rule }));
        manifest.shared.extend(included.shared.iter().map(|glob| placed(&include.into, glob)));
        manifest.declared.extend(included.needs);
        for (path, entry) in folder {
            let place = placed(&include.into, &path);
            // What the template has itself goes before.
            if !has(&files, &place) {
                files.insert(place, entry);
            }
        }
    }
    Ok(Source { origin: origin.to_owned(), commit: None, manifest, files })
}

/// Whether a file is there, to be rendered or not.
fn has(files: &Tree, path: &str) -> bool {
    let path = path.strip_suffix(".tera").unwrap_or(path);
    files.contains_key(path) || files.contains_key(&format!("{path}.tera"))
}

/// Where a file of an included folder goes; `.` is beside the template's own.
fn placed(into: &str, path: &str) -> String {
    if into == "." { path.to_owned() } else { format!("{into}/{path}") }
}

/// Takes what a folder says of itself out of its files.
fn included(files: &mut Tree, folder: &Path) -> Result<Included> {
    let Some(file) = files.remove(manifest::INCLUDED) else { return Ok(Included::default()) };
    let shown = folder.join(manifest::INCLUDED).display().to_string();
    let text = String::from_utf8(file.bytes).invalid(|| format!("{shown} is not text"))?;
    let included: Included = yaml::parse(&text, &shown)?;
    let unknown = included.files.iter().flat_map(|rule| &rule.needs).find(|need| !included.needs.contains_key(*need));
    match unknown {
        Some(need) => {
            Err(Error::invalid(format!("{shown} is not valid")).cause(format!("it declares no need `{need}`")))
        }
        None => Ok(included),
    }
}

/// `../name` beside the template: nothing further away can be included.
fn sibling(folder: &Path, from: &str) -> Option<std::path::PathBuf> {
    let name = from.strip_prefix("../")?;
    let plain = !name.is_empty() && !name.contains('/') && name != "..";
    plain.then(|| folder.parent().unwrap_or(Path::new("")).join(name))
}
