//! Three-way merge of whole folders, in memory: what the template rendered last time (base), what it renders now
//! (theirs) and what lies in the project (ours) become one change per file. `add` and `update` share it.
//!
//! What the user did not change follows the template; what only the user changed stays; where both did, the changes
//! are merged: JSON by its keys, all else by lines. Files that the user deleted stay deleted, and files that a
//! template declares append-only (migrations) are never changed once they were written.

mod cargo;
mod json;
mod modules;

use std::collections::BTreeSet;

use globset::{Glob, GlobSet, GlobSetBuilder};
use serde::Serialize;

use super::cargo_lock;
use super::manifest::Manifest;
use super::tree::{Entry, Tree};
use crate::error::{Context, Result};
use crate::git::{self, Merged};

/// What happens to a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// It is new.
    Create,
    /// It is as the template wrote it, and follows the template.
    Change,
    /// The user's changes and the template's are both in it.
    Merge,
    /// It is as the template wrote it, and the template has it no more.
    Delete,
    /// The user deleted it, so the template's change to it is left out.
    Skip,
    /// The user's changes and the template's exclude each other.
    Conflict,
}

/// What happens to one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The file, relative to the project.
    pub path: String,
    /// What happens to it.
    pub action: Action,
    /// What it then holds, with conflict markers where there is a conflict; `None`: the file is not there, or stays
    /// as it is.
    pub entry: Option<Entry>,
}

/// What a template says of how its files are merged.
#[derive(Debug)]
pub struct Rules {
    append_only: GlobSet,
    lists: GlobSet,
}

impl Rules {
    /// The rules of a template.
    ///
    /// # Errors
    /// A glob that is none (exit code 2).
    pub fn of(manifest: &Manifest) -> Result<Self> {
        Ok(Self { append_only: globs(&manifest.append_only)?, lists: globs(&manifest.lists)? })
    }

    /// Whether a file is never changed once it was written.
    #[must_use]
    pub fn append_only(&self, path: &str) -> bool {
        self.append_only.is_match(path)
    }
}

/// The paths that some of these globs of a template mean.
pub(super) fn globs(globs: &[String]) -> Result<GlobSet> {
    let mut set = GlobSetBuilder::new();
    for glob in globs {
        set.add(Glob::new(glob).invalid(|| format!("template.yaml: `{glob}` is not a glob"))?);
    }
    set.build().invalid(|| "template.yaml: too many globs")
}

/// What happens to every file that is not as it shall be, in the order of their paths. `ours` need hold no files but
/// those of `base` and `theirs`.
///
/// # Errors
/// A file is too large to be compared.
pub fn merge(base: &Tree, ours: &Tree, theirs: &Tree, rules: &Rules) -> Result<Vec<Change>> {
    let paths: BTreeSet<&String> = base.keys().chain(theirs.keys()).collect();
    let mut changes = Vec::new();
    for path in paths {
        if base.contains_key(path) && rules.append_only(path) {
            continue;
        }
        if let Some((action, entry)) = file(path, base.get(path), ours.get(path), theirs.get(path), rules)? {
            changes.push(Change { path: path.clone(), action, entry });
        }
    }
    Ok(changes)
}

type Decision = Option<(Action, Option<Entry>)>;

fn file(
    path: &str,
    base: Option<&Entry>,
    ours: Option<&Entry>,
    theirs: Option<&Entry>,
    rules: &Rules,
) -> Result<Decision> {
    if theirs == base || ours == theirs {
        return Ok(None);
    }
    Ok(Some(match (base, ours, theirs) {
        (_, None, None) => return Ok(None),
        (None, None, Some(new)) => (Action::Create, Some(new.clone())),
        (Some(_), None, Some(_)) => (Action::Skip, None),
        (Some(old), Some(here), None) if old == here => (Action::Delete, None),
        (_, Some(_), None) => (Action::Conflict, None),
        (Some(old), Some(here), Some(new)) if old == here => (Action::Change, Some(new.clone())),
        (_, Some(here), Some(new)) => {
            let (clean, bytes) =
                contents(path, base.map_or(&[][..], |b| b.bytes.as_slice()), &here.bytes, &new.bytes, rules)?;
            let executable = if base.is_some_and(|b| b.executable == here.executable) { new } else { here }.executable;
            let merged = Entry { bytes, executable };
            if clean && merged == *here {
                return Ok(None);
            }
            (if clean { Action::Merge } else { Action::Conflict }, Some(merged))
        }
    }))
}

/// The merged content, and whether it is without conflict.
fn contents(path: &str, base: &[u8], ours: &[u8], theirs: &[u8], rules: &Rules) -> Result<(bool, Vec<u8>)> {
    let texts = [base, ours, theirs].map(std::str::from_utf8);
    let [Ok(old), Ok(here), Ok(new)] = texts else { return Ok((ours == theirs, ours.to_vec())) };
    let name = path.rsplit('/').next().unwrap_or(path);
    if name.rsplit('.').next() == Some("json")
        && let Some(merged) = json::merge(old, here, new)
    {
        return Ok((true, merged.into_bytes()));
    }
    let new = if name == "Cargo.toml" { cargo::without_what_is_there(old, here, new) } else { new.to_owned() };
    let locked = name == "Cargo.lock";
    let (clean, merged) = match git::merge(base, ours, new.as_bytes(), ["yours", "the template's"])? {
        Merged::Clean(merged) => (true, merged),
        Merged::Additions { both, .. } if locked || rules.lists.is_match(path) => (true, both),
        Merged::Additions { marked, .. } | Merged::Conflict(marked) => (false, marked),
    };
    match String::from_utf8(merged) {
        Ok(text) if clean && locked => Ok((true, cargo_lock::sort(&text).into_bytes())),
        Ok(text) if clean && name.rsplit('.').next() == Some("rs") => Ok((true, modules::sorted(&text).into_bytes())),
        Ok(text) => Ok((clean, text.into_bytes())),
        Err(e) => Ok((false, e.into_bytes())),
    }
}

#[cfg(test)]
mod tests;
