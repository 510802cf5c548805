//! Files in a folder, one for each object, beside files that are not ours.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

use super::{Object, yaml};
use crate::error::{Context, Error, Result};

/// Names the files that were written here, so that the next time they may be overwritten, or removed.
const LIST: &str = ".msvc-rendered";

/// Form of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// `.yaml`.
    Yaml,
    /// `.json`.
    Json,
}

/// Names and contents of the files.
///
/// # Errors
/// A value that YAML can't express.
pub fn plan(objects: &[Object], form: Form) -> Result<BTreeMap<String, String>> {
    let mut files = BTreeMap::new();
    for object in objects {
        let (text, ending) = match form {
            Form::Yaml => (yaml::document(object)?, "yaml"),
            Form::Json => (format!("{:#}\n", object.value), "json"),
        };
        let mut stem = format!("{}-{}", object.kind.to_lowercase(), object.name.replace([':', '/'], "-"));
        if files.contains_key(&format!("{stem}.{ending}")) {
            // The same kind and name in another namespace or API group.
            stem = [object.id().group.as_str(), object.namespace.as_deref().unwrap_or_default(), &stem].join("-");
        }
        files.insert(format!("{stem}.{ending}"), text);
    }
    Ok(files)
}

/// Writes the files into `dir`, which is made if need be, and removes those of the last time that are not among
/// them. Each file is replaced in one step. Returns their names.
///
/// # Errors
/// A file of that name which was not written by this function (exit code 2); or the folder can't be written.
pub fn write(dir: &Path, files: &BTreeMap<String, String>) -> Result<Vec<String>> {
    let shown = dir.display();
    let before = std::fs::read_to_string(dir.join(LIST)).unwrap_or_default();
    let ours: Vec<&str> = before.lines().filter(|name| is_plain(name)).collect();
    if let Some(name) = files.keys().find(|name| !ours.contains(&name.as_str()) && dir.join(name).exists()) {
        return Err(Error::usage(format!("{} exists already", dir.join(name).display()))
            .cause("it was not written by `msvc render`, so it is not overwritten")
            .hint("choose another folder, or take the file away"));
    }
    std::fs::create_dir_all(dir).failed(|| format!("could not make {shown}"))?;
    let names: Vec<String> = files.keys().cloned().collect();
    // The list comes first and holds both, so that whatever happens in between, no file of ours becomes foreign.
    let mut all: Vec<&str> = names.iter().map(String::as_str).chain(ours.iter().copied()).collect();
    all.sort_unstable();
    all.dedup();
    replace(dir, LIST, &lines(&all))?;
    for (name, text) in files {
        replace(dir, name, text)?;
    }
    for gone in ours.iter().filter(|name| !files.contains_key(**name)) {
        match std::fs::remove_file(dir.join(gone)) {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => {
                return Err(e).failed(|| format!("could not remove {}", dir.join(gone).display()));
            }
            _ => {}
        }
    }
    replace(dir, LIST, &lines(&names.iter().map(String::as_str).collect::<Vec<_>>()))?;
    Ok(names)
}

/// Whether a line of the list is a path within the folder, whoever wrote it.
fn is_plain(name: &str) -> bool {
    !name.is_empty() && name.split('/').all(|part| !matches!(part, "" | "." | ".."))
}

fn lines(names: &[&str]) -> String {
    names.iter().fold(String::new(), |text, name| text + name + "\n")
}

fn replace(dir: &Path, name: &str, text: &str) -> Result<()> {
    let write = || -> anyhow::Result<()> {
        let path = dir.join(name);
        let folder = path.parent().unwrap_or(dir);
        std::fs::create_dir_all(folder)?;
        let mut file = tempfile::Builder::new().permissions(readable()).tempfile_in(folder)?;
        file.write_all(text.as_bytes())?;
        file.persist(&path)?;
        Ok(())
    };
    write().failed(|| format!("could not write {}", dir.join(name).display()))
}

/// Readable by all, as far as the process's mask allows; temporary files are the owner's alone.
fn readable() -> std::fs::Permissions {
    std::os::unix::fs::PermissionsExt::from_mode(0o644)
}
