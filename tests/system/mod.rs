//! Systems: how they begin and grow, and what lies in them.

mod blueprints;
mod desk;
mod grown;
mod likes;
mod recipe;
mod risk;
mod rpc;
mod shop;

use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::support::Msvc;

/// A system from a blueprint.
pub fn system(name: &str, blueprint: &str) -> (TempDir, PathBuf) {
    let parent = tempfile::tempdir().unwrap();
    Msvc::new(parent.path(), &["new", name, "--blueprint", blueprint, "--yes"]).run().success();
    let dir = parent.path().join(name);
    (parent, dir)
}

/// Every file of a folder, but for git's.
pub fn files(dir: &Path) -> Vec<String> {
    let (mut files, mut open) = (Vec::new(), vec![dir.to_owned()]);
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(dir).unwrap().to_str().unwrap().to_owned();
            if path.is_dir() {
                open.extend((name != ".git" && name != ".msvc/run").then_some(path));
            } else {
                files.push(name);
            }
        }
    }
    files.sort();
    files
}

pub fn read(dir: &Path, file: &str) -> String {
    std::fs::read_to_string(dir.join(file)).unwrap_or_else(|e| panic!("{file}: {e}"))
}
