//! A hash of files' content: what a work tree holds beyond its last commit, or holds at all where there is no git.

use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use git2::{Repository, StatusOptions};
use sha2::{Digest, Sha256};

use super::SHORT;
use crate::error::{Context, Result};

/// A hash of all files below `dir` that its .gitignore files don't name, in 12 hex digits: names, content, executable
/// bits and the targets of links; neither times nor owners. No repository is needed.
///
/// # Errors
/// A file can't be read.
pub fn content_hash(dir: &Path) -> Result<String> {
    files_hash(dir, &files(dir)?)
}

/// The hash of these files, relative to `dir`, in 12 hex digits.
///
/// # Errors
/// A file can't be read.
pub fn files_hash(dir: &Path, files: &[PathBuf]) -> Result<String> {
    hash(dir, files).failed(|| format!("could not read the content of {}", dir.display()))
}

/// All files below `dir` that its .gitignore files don't name, relative to it and sorted. No repository is needed.
///
/// # Errors
/// A folder can't be read.
pub fn files(dir: &Path) -> Result<Vec<PathBuf>> {
    let what = || format!("could not read the content of {}", dir.display());
    // A repository beside the files, empty, makes all of them new ones, by git's own rules of what to ignore.
    let beside = tempfile::tempdir().failed(what)?;
    let repository = Repository::init_bare(beside.path()).failed(what)?;
    repository.set_workdir(dir, false).failed(what)?;
    changed_files(&repository, Path::new("")).failed(what)
}

/// Files below `prefix` whose content differs from the last commit's, relative to the work tree, sorted.
pub(super) fn changed_files(repository: &Repository, prefix: &Path) -> Result<Vec<PathBuf>, git2::Error> {
    let mut options = StatusOptions::new();
    options.include_untracked(true).recurse_untracked_dirs(true).include_unreadable(true);
    if !prefix.as_os_str().is_empty() {
        options.disable_pathspec_match(true).pathspec(prefix);
    }
    let statuses = repository.statuses(Some(&mut options))?;
    let mut paths: Vec<PathBuf> =
        statuses.iter().map(|s| PathBuf::from(std::ffi::OsStr::from_bytes(s.path_bytes()))).collect();
    paths.sort();
    paths.dedup();
    Ok(paths)
}

/// The hash of the files `paths`, relative to `root`.
pub(super) fn hash(root: &Path, paths: &[PathBuf]) -> io::Result<String> {
    let mut hasher = Sha256::new();
    for path in paths {
        add(&mut hasher, root, path)?;
    }
    let hex = hasher.finalize().iter().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"));
    Ok(hex[..SHORT].to_owned())
}

/// Every part is preceded by its kind and length, so that no two contents look alike to the hash.
fn add(hasher: &mut Sha256, root: &Path, path: &Path) -> io::Result<()> {
    let full = root.join(path);
    let name = path.as_os_str().as_bytes();
    let mut part = |kind: u8, content: &[u8]| {
        hasher.update([kind]);
        hasher.update((content.len() as u64).to_le_bytes());
        hasher.update(content);
    };
    part(b'n', name);
    let metadata = match full.symlink_metadata() {
        Ok(metadata) => metadata,
        Err(e) if e.kind() == io::ErrorKind::NotFound => {
            part(b'-', b"");
            return Ok(());
        }
        Err(e) => return Err(named(&full, &e)),
    };
    if metadata.is_symlink() {
        part(b'l', std::fs::read_link(&full)?.as_os_str().as_bytes());
    } else if metadata.is_dir() {
        // A repository within the repository: git names its folder only.
        let mut entries = std::fs::read_dir(&full)?.collect::<io::Result<Vec<_>>>()?;
        entries.sort_by_key(std::fs::DirEntry::file_name);
        for entry in entries.iter().filter(|e| e.file_name() != ".git") {
            add(hasher, root, &path.join(entry.file_name()))?;
        }
    } else if metadata.is_file() {
        let kind = if metadata.permissions().mode() & 0o100 == 0 { b'f' } else { b'x' };
        hasher.update([kind]);
        hasher.update(metadata.len().to_le_bytes());
        let mut file = std::fs::File::open(&full).map_err(|e| named(&full, &e))?;
        io::copy(&mut file, hasher)?;
    }
    Ok(())
}

fn named(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}
