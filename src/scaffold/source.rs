//! Where a template comes from: built in, a folder, or (through `git`) a repository. All end as files in memory.

use std::path::Path;

use include_dir::{Dir, include_dir};

use super::manifest::{self, Manifest};
use super::tree::{Entry, Tree};
use crate::error::{Context, Error, Result, nearest};

static BUILT_IN: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/templates");

/// A template in memory.
#[derive(Debug, Clone)]
pub struct Source {
    /// As the user named it: a built-in name or a folder. Kept in the lock.
    pub origin: String,
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

/// The template that `name` means: a built-in one, or a folder (a name with a `/`, or `.`).
///
/// # Errors
/// There is none (exit code 2, with the nearest), or it is invalid.
pub fn load(name: &str) -> Result<Source> {
    if built_in_names().any(|known| known == name) {
        load_built_in(name)
    } else if name.contains('/') || name == "." {
        load_folder(name)
    } else {
        let error = Error::usage(format!("there is no template `{name}`"));
        let known: Vec<&str> = built_in_names().collect();
        Err(match nearest(name, known.iter().copied()) {
            Some(near) => error.hint(format!("did you mean `{near}`?")),
            None => error.hint(format!("built in: {}; a folder is written with a `/`", known.join(", "))),
        })
    }
}

fn load_built_in(name: &str) -> Result<Source> {
    assemble(name, Path::new(name), &|folder| {
        let mut files = Tree::default();
        if let Some(dir) = BUILT_IN.get_dir(folder) {
            collect_embedded(dir, folder, &mut files);
        }
        Ok(files)
    })
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
    let manifest = Manifest::parse(&text, &shown)?;
    for include in &manifest.include {
        let from = sibling(folder, &include.from).ok_or_else(|| {
            Error::invalid(format!("{shown} is not valid"))
                .cause(format!("include `{}` is not a folder beside the template", include.from))
        })?;
        for (path, entry) in read(&from)? {
            files.insert(format!("{}/{path}", include.into), entry);
        }
    }
    Ok(Source { origin: origin.to_owned(), manifest, files })
}

/// `../name` beside the template: nothing further away can be included.
fn sibling(folder: &Path, from: &str) -> Option<std::path::PathBuf> {
    let name = from.strip_prefix("../")?;
    let plain = !name.is_empty() && !name.contains('/') && name != "..";
    plain.then(|| folder.parent().unwrap_or(Path::new("")).join(name))
}
