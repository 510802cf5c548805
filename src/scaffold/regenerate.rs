//! Brings a project's code up to its msvc.yaml: what the template renders from it now is merged into what is there.
//! Everything is worked out in memory; [`super::apply`] writes it.

use std::collections::BTreeSet;
use std::io::ErrorKind;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use super::context::migrations::{self, History};
use super::context::proto::Committed;
use super::lock::{self, Provenance};
use super::merge::{self, Action, Change, Rules};
use super::render;
use super::source;
use super::tree::{Entry, Tree};
use crate::error::{Context, Error, Result};
use crate::project::load::parse_service;
use crate::project::{FILE, Service};

/// What would be written.
#[derive(Debug)]
pub struct Plan {
    /// What happens to each file that the template writes, and to msvc.yaml.
    pub changes: Vec<Change>,
    /// The version that the template has now, where it is another than the one on record.
    pub new_version: Option<String>,
    /// What `.msvc/` then holds.
    provenance: [(String, Entry); 2],
}

impl Plan {
    /// The files whose changes exclude each other.
    pub fn conflicts(&self) -> impl Iterator<Item = &str> {
        self.changes.iter().filter(|c| c.action == Action::Conflict).map(|c| c.path.as_str())
    }

    /// Every file that is written or (`None`) deleted, provenance last.
    #[must_use]
    pub fn writes(&self) -> Vec<(String, Option<Entry>)> {
        let changes = self.changes.iter().filter_map(|change| match change.action {
            Action::Skip => None,
            Action::Conflict if change.entry.is_none() => None,
            _ => Some((change.path.clone(), change.entry.clone())),
        });
        changes.chain(self.provenance.iter().cloned().map(|(path, entry)| (path, Some(entry)))).collect()
    }
}

/// What brings the project in `root` to `service`, whose msvc.yaml shall be `declared`.
///
/// # Errors
/// The provenance is missing, the template can't be reached, or the change would lose data (exit code 2).
pub fn plan(root: &Path, declared: &str, service: &Service, allow_data_loss: bool) -> Result<Plan> {
    let Provenance { lock, base, declared: before } = lock::read(root)?;
    let source = source::load_locked(&lock, root)?;
    if !service.entities.is_empty() && !source.manifest.has_entities() {
        return Err(Error::usage(format!("template {} has no entities", source.manifest.name))
            .hint("services made from `rest` have them; here a table is a migration of your own"));
    }
    let rules = Rules::of(&source.manifest)?;
    let entities = parse_service(&before, lock::BASE)?.entities;
    let history = History { entities, last: last_migration(root, &base, &rules)?, allow_data_loss };
    let planned = migrations::plan(service, &history)?;
    let committed = Committed::read(&read(root, base.keys())?, &base)?;
    let mut theirs = render::again(&source, service, &lock.answers, &planned, &committed)?;
    theirs.extend(base.iter().filter(|(path, _)| rules.append_only(path)).map(|(p, e)| (p.clone(), e.clone())));

    // msvc.yaml is the user's: it is edited, not merged, and `update` will want to know what the template made of it.
    let mut old = base;
    let template = old.remove(FILE);
    let ours = read(root, old.keys().chain(theirs.keys()))?;
    let mut changes = merge::merge(&old, &ours, &theirs, &rules)?;
    changes.extend(declaration(root, declared)?);
    theirs.extend(template.map(|entry| (FILE.to_owned(), entry)));
    let version = source.manifest.version.clone();
    let new_version = (version != lock.version).then(|| version.clone());
    let lock = lock::Lock { version, commit: source.commit.clone(), ..lock };
    let provenance = Provenance { lock, base: theirs, declared: declared.to_owned() }.files()?;
    Ok(Plan { changes, new_version, provenance })
}

fn declaration(root: &Path, declared: &str) -> Result<Option<Change>> {
    let there = std::fs::read(root.join(FILE)).invalid(|| format!("could not read {FILE}"))?;
    let entry = Entry::file(declared.as_bytes());
    let change = Change { path: FILE.to_owned(), action: Action::Change, entry: Some(entry) };
    Ok((there != declared.as_bytes()).then_some(change))
}

/// Those of the files that are there.
fn read<'a>(root: &Path, paths: impl Iterator<Item = &'a String>) -> Result<Tree> {
    let mut tree = Tree::default();
    for path in paths.collect::<BTreeSet<_>>() {
        let file = root.join(path);
        let bytes = match std::fs::read(&file) {
            // A folder where a file was, or a file where a folder was, has taken its place.
            Err(e) if matches!(e.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => continue,
            other => other.invalid(|| format!("could not read {path}"))?,
        };
        let mode = file.metadata().invalid(|| format!("could not read {path}"))?.permissions().mode();
        tree.insert(path.clone(), Entry { bytes, executable: mode & 0o111 != 0 });
    }
    Ok(tree)
}

/// The highest number of a migration, be it the template's or the user's own.
fn last_migration(root: &Path, base: &Tree, rules: &Rules) -> Result<u64> {
    let written: Vec<&str> = base.keys().filter(|path| rules.append_only(path)).map(String::as_str).collect();
    let mut names: Vec<String> = written.iter().map(|path| (*path).to_owned()).collect();
    let folders: BTreeSet<&str> = written.iter().filter_map(|path| Some(path.rsplit_once('/')?.0)).collect();
    for folder in folders {
        let Ok(entries) = std::fs::read_dir(root.join(folder)) else { continue };
        for entry in entries {
            let entry = entry.failed(|| format!("could not list {folder}"))?;
            names.extend(entry.file_name().to_str().map(str::to_owned));
        }
    }
    let number = |name: &String| {
        let file = name.rsplit('/').next()?;
        file[..file.find(|c: char| !c.is_ascii_digit())?].parse::<u64>().ok()
    };
    Ok(names.iter().filter_map(number).max().unwrap_or_default())
}
