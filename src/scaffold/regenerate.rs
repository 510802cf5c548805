//! Brings a project's code up to its msvc.yaml: what the template renders from it now is merged into what is there.
//! Everything is worked out in memory; [`super::apply`] writes it.

use std::collections::BTreeSet;
use std::io::ErrorKind;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use super::context::migrations::{self, History, There};
use super::context::proto::Committed;
use super::lock::{self, Provenance};
use super::merge::{self, Action, Change, Rules};
use super::render::{self, Place};
use super::source::{self, Source};
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
    pub(super) provenance: Vec<(String, Entry)>,
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
    let again = Again::render(root, declared, service, allow_data_loss, Place::Alone)?;
    let new_version = again.new_version();
    let Merged { changes, provenance } = again.merged(root)?;
    Ok(Plan { changes, new_version, provenance })
}

/// What happens to a service's files, and what its `.msvc/` then holds.
pub(super) struct Merged {
    pub(super) changes: Vec<Change>,
    pub(super) provenance: Vec<(String, Entry)>,
}

/// A service's code as it was rendered last, and as its template renders it now.
pub(super) struct Again {
    /// What is on record.
    recorded: Provenance,
    /// Its template.
    pub(super) source: Source,
    /// What its msvc.yaml shall be.
    declared: String,
    /// What its template renders, and the migrations that are there.
    pub(super) theirs: Tree,
}

impl Again {
    /// Renders the service in `root` anew.
    pub(super) fn render(
        root: &Path,
        declared: &str,
        service: &Service,
        allow_data_loss: bool,
        place: Place,
    ) -> Result<Self> {
        let recorded = lock::read(root)?;
        let (base, lock) = (&recorded.base, &recorded.lock);
        let source = source::load_locked(lock, root)?;
        if !service.entities.is_empty() && !source.manifest.has_entities() {
            return Err(Error::usage(format!("template {} has no entities", source.manifest.name))
                .hint("services made from `rest` have them; here a table is a migration of your own"));
        }
        let rules = Rules::of(&source.manifest)?;
        let entities = parse_service(&recorded.declared, lock::BASE)?.entities;
        let hears = render::hears(&render::options(&source, service, place));
        let history = History { entities, there: migrations_in(root, base, &rules)?, hears, allow_data_loss };
        let planned = migrations::plan(service, history)?;
        let committed = Committed::read(&read(root, base.keys())?, base)?;
        let mut theirs = render::again(&source, service, &lock.answers, &planned, &committed, place)?;
        let kept = base.iter().filter(|(path, _)| rules.append_only(path));
        theirs.extend(kept.map(|(p, e)| (p.clone(), e.clone())));
        Ok(Self { recorded, source, declared: declared.to_owned(), theirs })
    }

    /// What the file at `path` in `root` will hold; `None` where it is not the template's, or stays as it is.
    pub(super) fn merged_text(&self, root: &Path, path: &str) -> Result<Option<String>> {
        let only = |tree: &Tree| tree.get_key_value(path).map(|(path, entry)| (path.clone(), entry.clone()));
        let [mut base, mut theirs] = [Tree::default(), Tree::default()];
        base.extend(only(&self.recorded.base));
        theirs.extend(only(&self.theirs));
        let ours = read(root, theirs.keys())?;
        let changes = merge::merge(&base, &ours, &theirs, &Rules::of(&self.source.manifest)?)?;
        let mut clean = changes.into_iter().filter(|change| change.action != Action::Conflict);
        let entry = clean.find_map(|change| change.entry);
        entry.map(|entry| String::from_utf8(entry.bytes).invalid(|| format!("{path} is not text"))).transpose()
    }

    /// Whether its template wrote the file at `path`, and writes it no more.
    pub(super) fn drops(&self, path: &str) -> bool {
        self.recorded.base.contains_key(path) && !self.theirs.contains_key(path)
    }

    /// The version that the template has now, where it is another than the one on record.
    pub(super) fn new_version(&self) -> Option<String> {
        let version = &self.source.manifest.version;
        (*version != self.recorded.lock.version).then(|| version.clone())
    }

    /// What happens to the files in `root`, and what its `.msvc/` then holds.
    pub(super) fn merged(self, root: &Path) -> Result<Merged> {
        let Self { recorded, source, declared, mut theirs } = self;
        // msvc.yaml is the user's: it is edited, not merged, and `update` will want to know what the template made of it.
        let mut old = recorded.base;
        let template = old.remove(FILE);
        let ours = read(root, old.keys().chain(theirs.keys()))?;
        let mut changes = merge::merge(&old, &ours, &theirs, &Rules::of(&source.manifest)?)?;
        changes.extend(declaration(root, &declared)?);
        theirs.extend(template.map(|entry| (FILE.to_owned(), entry)));
        let lock = lock::Lock { version: source.manifest.version, commit: source.commit, ..recorded.lock };
        Ok(Merged { changes, provenance: Provenance { lock, base: theirs, declared }.files()?.into() })
    }
}

fn declaration(root: &Path, declared: &str) -> Result<Option<Change>> {
    let there = std::fs::read(root.join(FILE)).invalid(|| format!("could not read {FILE}"))?;
    let entry = Entry::file(declared.as_bytes());
    let change = Change { path: FILE.to_owned(), action: Action::Change, entry: Some(entry) };
    Ok((there != declared.as_bytes()).then_some(change))
}

/// Those of the files that are there.
pub(super) fn read<'a>(root: &Path, paths: impl Iterator<Item = &'a String>) -> Result<Tree> {
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

/// The migrations, be they the template's or the user's own.
fn migrations_in(root: &Path, base: &Tree, rules: &Rules) -> Result<There> {
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
    Ok(There::of(names.iter().map(String::as_str)))
}
