//! Where a folder of files comes from: built in, a folder on disk, or a repository. All are read into memory.

use std::path::{Path, PathBuf};

use include_dir::{Dir, include_dir};

use super::super::tree::{Entry, Tree};
use crate::error::{Context, Error, Result, nearest};
use crate::git;

static TEMPLATES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/templates");
static BLUEPRINTS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/blueprints");

/// What a folder may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::scaffold) enum Kind {
    /// A service's template.
    Template,
    /// A system's blueprint.
    Blueprint,
    /// What every system has at its root.
    System,
}

impl Kind {
    /// As errors name it.
    pub(in crate::scaffold) fn word(self) -> &'static str {
        match self {
            Self::Template => "template",
            Self::Blueprint => "blueprint",
            Self::System => "system",
        }
    }

    /// The file that tells what the folder holds.
    pub(in crate::scaffold) fn file(self) -> &'static str {
        match self {
            Self::Template => "template.yaml",
            Self::Blueprint => "blueprint.yaml",
            Self::System => "system.yaml",
        }
    }

    fn built_in(self) -> &'static Dir<'static> {
        match self {
            Self::Template | Self::System => &TEMPLATES,
            Self::Blueprint => &BLUEPRINTS,
        }
    }

    /// The names of those that are built in.
    pub(in crate::scaffold) fn names(self) -> impl Iterator<Item = &'static str> {
        let dirs = self.built_in().dirs().filter(move |dir| dir.get_file(dir.path().join(self.file())).is_some());
        dirs.filter_map(|dir| dir.path().to_str())
    }
}

/// Reads a folder's files; what it is named by is kept in errors.
type Read<'a> = &'a dyn Fn(&Path) -> Result<Tree>;

/// What `name` means, as `make` reads it from its folder: something built in, a git URL (`URL#REF:SUBDIR`), or a folder
/// (a name with a `/`, or `.`). The commit is that of a repository.
///
/// # Errors
/// There is none (exit code 2, with the nearest), and those of `make`.
pub(super) fn find<T>(
    kind: Kind,
    name: &str,
    make: impl FnOnce(&Path, Read) -> Result<T>,
) -> Result<(T, Option<String>)> {
    if kind.names().any(|known| known == name) {
        Ok((make(Path::new(name), &|folder| Ok(embedded(kind, folder)))?, None))
    } else if let Some(remote) = Remote::parse(name) {
        remote.read(make)
    } else if is_folder(name) {
        Ok((make(Path::new(name), &|folder| Tree::read(folder))?, None))
    } else {
        let word = kind.word();
        let error = Error::usage(format!("there is no {word} `{name}`"));
        let known: Vec<&str> = kind.names().collect();
        Err(match nearest(name, known.iter().copied()) {
            Some(near) => error.hint(format!("did you mean `{near}`?")),
            None => error.hint(format!(
                "built in: {}; a folder is written with a `/`, a repository URL#REF:SUBDIR",
                known.join(", ")
            )),
        })
    }
}

/// Whether `name` means a folder on disk.
pub(super) fn is_folder(name: &str) -> bool {
    Remote::parse(name).is_none() && (name.contains('/') || name == ".")
}

/// A built-in folder's files.
pub(super) fn embedded(kind: Kind, folder: &Path) -> Tree {
    let mut files = Tree::default();
    if let Some(dir) = kind.built_in().get_dir(folder) {
        collect(dir, folder, &mut files);
    }
    files
}

fn collect(dir: &Dir<'_>, root: &Path, files: &mut Tree) {
    for file in dir.files() {
        if let Some(path) = file.path().strip_prefix(root).ok().and_then(Path::to_str) {
            files.insert(path.to_owned(), Entry::file(file.contents()));
        }
    }
    for below in dir.dirs() {
        collect(below, root, files);
    }
}

/// A folder in a repository: `URL#REF:SUBDIR`, REF and SUBDIR may be left out.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Remote<'a> {
    pub(super) url: &'a str,
    pub(super) reference: Option<&'a str>,
    pub(super) folder: &'a str,
}

impl<'a> Remote<'a> {
    /// `None` where `text` is no git URL: those have a scheme, or the form `user@host:path`, or end in `.git`.
    pub(super) fn parse(text: &'a str) -> Option<Self> {
        let (url, rest) = text.split_once('#').unwrap_or((text, ""));
        let (reference, folder) = rest.split_once(':').unwrap_or((rest, ""));
        let scp = url.split_once(':').is_some_and(|(host, _)| host.contains('@') && !host.contains('/'));
        let is_git = url.contains("://") || scp || Path::new(url).extension().is_some_and(|e| e == "git");
        is_git.then_some(Self { url, reference: (!reference.is_empty()).then_some(reference), folder })
    }

    /// Reads it, with the commit that it was read at.
    pub(super) fn read<T>(&self, make: impl FnOnce(&Path, Read) -> Result<T>) -> Result<(T, Option<String>)> {
        let plain = self.folder.split('/').all(|part| part != "..") && !self.folder.starts_with('/');
        if !plain {
            return Err(Error::usage(format!("`{}` is not a folder inside the repository", self.folder)));
        }
        let clone = tempfile::tempdir().failed(|| "could not make a folder for the clone")?;
        let commit = git::clone(self.url, self.reference, clone.path())?;
        let root = clone.path();
        let found = make(&root.join(self.folder), &|folder| Tree::read(folder)).map_err(|e| relative(e, root))?;
        Ok((found, Some(commit)))
    }
}

/// Takes the temporary folder out of what an error says.
fn relative(mut error: Error, root: &Path) -> Error {
    let prefix = format!("{}/", root.display());
    for text in error.causes.iter_mut().chain([&mut error.message]) {
        *text = text.replace(&prefix, "");
    }
    error
}

/// A folder's name as it is to be found from `root`: other names stay as they are.
pub(super) fn seen_from(origin: &str, root: &Path) -> Option<String> {
    if !is_folder(origin) || Path::new(origin).is_absolute() {
        return None;
    }
    let path = relative_path(&resolved(root)?, &Path::new(origin).canonicalize().ok()?)?;
    // Without a `/` it would be the name of something built in.
    Some(if path.starts_with("..") { path } else { format!("./{path}") })
}

/// A folder that need not exist yet, without links in what exists of it.
fn resolved(dir: &Path) -> Option<PathBuf> {
    let dir = std::path::absolute(dir).ok()?;
    let (existing, real) = dir.ancestors().find_map(|above| Some((above, above.canonicalize().ok()?)))?;
    Some(real.join(dir.strip_prefix(existing).ok()?))
}

/// The way from one folder to another.
#[must_use]
pub fn relative_path(from: &Path, to: &Path) -> Option<String> {
    let common = from.components().zip(to.components()).take_while(|(a, b)| a == b).count();
    let up = from.components().skip(common).map(|_| "..");
    let down = to.components().skip(common).map(|part| part.as_os_str().to_str());
    up.map(Some).chain(down).collect::<Option<Vec<_>>>().map(|parts| parts.join("/"))
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
