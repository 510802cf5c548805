//! Where a template comes from: built in, a folder, or (through `git`) a repository. All end as files in memory.

use std::path::{Path, PathBuf};

use include_dir::{Dir, include_dir};

use super::lock::{LOCK, Lock};
use super::manifest::{self, FileRule, Included, Manifest};
use super::tree::{Entry, Tree};
use crate::error::{Context, Error, Result, nearest};
use crate::git;
use crate::project::yaml;

static BUILT_IN: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/templates");

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
    built_in_names().map(load_built_in).collect()
}

fn built_in_names() -> impl Iterator<Item = &'static str> {
    BUILT_IN
        .dirs()
        .filter(|dir| dir.get_file(dir.path().join(manifest::FILE)).is_some())
        .filter_map(|dir| dir.path().to_str())
}

/// A built-in folder that templates share, such as `chassis`, as it is on its own: for services that share one.
///
/// # Errors
/// There is none of this name, or it is invalid.
pub fn shared(name: &str) -> Result<Source> {
    let folder = Path::new(name);
    let mut files = embedded(folder);
    if files.get(manifest::INCLUDED).is_none() {
        return Err(Error::usage(format!("templates share no folder `{name}`")));
    }
    let included = included(&mut files, folder)?;
    let manifest =
        Manifest { name: name.to_owned(), files: included.files, declared: included.needs, ..Manifest::default() };
    Ok(Source { origin: name.to_owned(), commit: None, manifest, files })
}

/// The template that `name` means: a built-in one, a git URL (`URL#REF:SUBDIR`), or a folder (a name with a `/`, or
/// `.`).
///
/// # Errors
/// There is none (exit code 2, with the nearest), or it is invalid.
pub fn load(name: &str) -> Result<Source> {
    if built_in_names().any(|known| known == name) {
        load_built_in(name)
    } else if let Some(remote) = Remote::parse(name) {
        load_remote(name, &remote)
    } else if is_folder(name) {
        load_folder(name)
    } else {
        let error = Error::usage(format!("there is no template `{name}`"));
        let known: Vec<&str> = built_in_names().collect();
        Err(match nearest(name, known.iter().copied()) {
            Some(near) => error.hint(format!("did you mean `{near}`?")),
            None => error.hint(format!(
                "built in: {}; a folder is written with a `/`, a repository URL#REF:SUBDIR",
                known.join(", ")
            )),
        })
    }
}

/// The template that made the project in `root`: a repository at the commit that is on record, a folder where it is as
/// seen from the project.
///
/// # Errors
/// It is not there any more, or can't be reached (with what to do).
pub fn load_locked(lock: &Lock, root: &Path) -> Result<Source> {
    let name = lock.template.as_str();
    let source = match Remote::parse(name) {
        Some(remote) => {
            let reference = lock.commit.as_deref().or(remote.reference);
            load_remote(name, &Remote { reference, ..remote })
        }
        None if is_folder(name) => {
            let folder = root.join(name);
            assemble(name, &folder, &|folder| Tree::read(folder))
        }
        None => load(name),
    };
    source.map_err(|e| {
        e.hint(format!("the project was made from template `{name}`, which {LOCK} names: it is needed again"))
    })
}

fn is_folder(name: &str) -> bool {
    name.contains('/') || name == "."
}

impl Source {
    /// The same, named as it is to be found from the project in `root`: a folder's name is relative to it.
    #[must_use]
    pub fn seen_from(mut self, root: &Path) -> Self {
        if Remote::parse(&self.origin).is_none()
            && is_folder(&self.origin)
            && !Path::new(&self.origin).is_absolute()
            && let (Some(from), Ok(to)) = (resolved(root), Path::new(&self.origin).canonicalize())
            && let Some(path) = relative_path(&from, &to)
        {
            self.origin = path;
        }
        self
    }
}

/// A folder that need not exist yet, without links in what exists of it.
fn resolved(dir: &Path) -> Option<PathBuf> {
    let dir = std::path::absolute(dir).ok()?;
    let (existing, real) = dir.ancestors().find_map(|above| Some((above, above.canonicalize().ok()?)))?;
    Some(real.join(dir.strip_prefix(existing).ok()?))
}

/// The way from one folder to another.
fn relative_path(from: &Path, to: &Path) -> Option<String> {
    let common = from.components().zip(to.components()).take_while(|(a, b)| a == b).count();
    let up = from.components().skip(common).map(|_| "..");
    let down = to.components().skip(common).map(|part| part.as_os_str().to_str());
    let parts = up.map(Some).chain(down).collect::<Option<Vec<_>>>()?;
    Some(if parts.first() == Some(&"..") { parts.join("/") } else { format!("./{}", parts.join("/")) })
}

fn load_built_in(name: &str) -> Result<Source> {
    assemble(name, Path::new(name), &|folder| Ok(embedded(folder)))
}

fn embedded(folder: &Path) -> Tree {
    let mut files = Tree::default();
    if let Some(dir) = BUILT_IN.get_dir(folder) {
        collect_embedded(dir, folder, &mut files);
    }
    files
}

fn collect_embedded(dir: &Dir<'_>, root: &Path, files: &mut Tree) {
    for file in dir.files() {
        if let Some(path) = file.path().strip_prefix(root).ok().and_then(Path::to_str) {
            files.insert(path.to_owned(), Entry::file(file.contents()));
        }
    }
    for below in dir.dirs() {
        collect_embedded(below, root, files);
    }
}

/// A template in a repository: `URL#REF:SUBDIR`, REF and SUBDIR may be left out.
#[derive(Debug, PartialEq, Eq)]
struct Remote<'a> {
    url: &'a str,
    reference: Option<&'a str>,
    folder: &'a str,
}

impl<'a> Remote<'a> {
    /// `None` where `text` is no git URL: those have a scheme, or the form `user@host:path`, or end in `.git`.
    fn parse(text: &'a str) -> Option<Self> {
        let (url, rest) = text.split_once('#').unwrap_or((text, ""));
        let (reference, folder) = rest.split_once(':').unwrap_or((rest, ""));
        let scp = url.split_once(':').is_some_and(|(host, _)| host.contains('@') && !host.contains('/'));
        let is_git = url.contains("://") || scp || Path::new(url).extension().is_some_and(|e| e == "git");
        is_git.then_some(Self { url, reference: (!reference.is_empty()).then_some(reference), folder })
    }
}

fn load_remote(name: &str, remote: &Remote<'_>) -> Result<Source> {
    let plain = remote.folder.split('/').all(|part| part != "..") && !remote.folder.starts_with('/');
    if !plain {
        return Err(Error::usage(format!("`{}` is not a folder inside the repository", remote.folder)));
    }
    let clone = tempfile::tempdir().failed(|| "could not make a folder for the clone")?;
    let commit = git::clone(remote.url, remote.reference, clone.path())?;
    let root = clone.path();
    let mut source = assemble(name, &root.join(remote.folder), &Tree::read).map_err(|e| relative(e, root))?;
    source.commit = Some(commit);
    Ok(source)
}

/// Takes the temporary folder out of what an error says.
fn relative(mut error: Error, root: &Path) -> Error {
    let prefix = format!("{}/", root.display());
    for text in error.causes.iter_mut().chain([&mut error.message]) {
        *text = text.replace(&prefix, "");
    }
    error
}

fn load_folder(name: &str) -> Result<Source> {
    assemble(name, Path::new(name), &|folder| Tree::read(folder))
}

/// Reads the template in `folder` and what it includes; `read` gives a folder's files.
fn assemble(origin: &str, folder: &Path, read: &dyn Fn(&Path) -> Result<Tree>) -> Result<Source> {
    let mut files = read(folder)?;
    let shown = folder.join(manifest::FILE).display().to_string();
    let text = files
        .remove(manifest::FILE)
        .ok_or_else(|| Error::usage(format!("{origin} is not a template")).cause(format!("there is no {shown}")))?;
    let text = String::from_utf8(text.bytes).invalid(|| format!("{shown} is not text"))?;
    let mut manifest = Manifest::parse(&text, &shown)?;
    for include in &manifest.include {
        let from = sibling(folder, &include.from).ok_or_else(|| {
            Error::invalid(format!("{shown} is not valid"))
                .cause(format!("include `{}` is not a folder beside the template", include.from))
        })?;
        let mut folder = read(&from)?;
        let included = included(&mut folder, &from)?;
        let rules = included.files.into_iter();
        manifest.files.extend(rules.map(|rule| FileRule { glob: placed(&include.into, &rule.glob), ..rule }));
        manifest.declared.extend(included.needs);
        for (path, entry) in folder {
            files.insert(placed(&include.into, &path), entry);
        }
    }
    Ok(Source { origin: origin.to_owned(), commit: None, manifest, files })
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

#[cfg(test)]
mod tests {
    use super::Remote;

    #[test]
    fn git_urls_are_told_from_folders() {
        let remote = |url, reference, folder| Some(Remote { url, reference, folder });
        assert_eq!(Remote::parse("https://example.org/t.git"), remote("https://example.org/t.git", None, ""));
        assert_eq!(Remote::parse("https://example.org/t#v1:a/b"), remote("https://example.org/t", Some("v1"), "a/b"));
        assert_eq!(Remote::parse("git@example.org:a/t#:b"), remote("git@example.org:a/t", None, "b"));
        assert_eq!(Remote::parse("./t.git#main"), remote("./t.git", Some("main"), ""));
        assert_eq!(Remote::parse("./templates/rest"), None);
    }
}
