//! Writes many files of a project as one: a kill leaves all of them as they were, or a state that [`Writer::resume`]
//! completes.
//!
//! New contents and a list of what is to be done are written to a folder in `.msvc/run/`, which git does not see, and
//! that folder is renamed to `pending`: from then on the change counts as made. Each file is then renamed from there to
//! its place, which is one step for each, and `pending` is removed. Whoever finds `pending` goes on with what is left
//! of it. A lock keeps others out; the system lets go of it when its holder is killed.

use std::fs::{self, File, TryLockError};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::tree::Entry;
use crate::error::{Context, Error, Result};

const RUN: &str = ".msvc/run";
const PENDING: &str = "pending";
const STEPS: &str = "steps.json";

/// The right to change a project's files; nobody else has it meanwhile.
#[derive(Debug)]
pub struct Writer {
    root: PathBuf,
    run: PathBuf,
    _lock: File,
}

/// One file's change.
#[derive(Debug, Serialize, Deserialize)]
struct Step {
    path: String,
    /// The file in the pending folder that takes its place; `None`: it is deleted.
    from: Option<String>,
    /// The hash of what it is now; `None`: it is not there.
    before: Option<String>,
}

impl Writer {
    /// Takes the right to change the project in `root`.
    ///
    /// # Errors
    /// Another msvc has it (exit code 1), or `.msvc/run` can't be written.
    pub fn take(root: &Path) -> Result<Self> {
        let run = root.join(RUN);
        let failed = || format!("could not write to {}", run.display());
        fs::create_dir_all(&run).failed(failed)?;
        let ignored = run.join(".gitignore");
        // Written anew it would be empty for a moment.
        if !fs::read(&ignored).is_ok_and(|text| text == b"*\n") {
            fs::write(ignored, "*\n").failed(failed)?;
        }
        let lock = File::create(run.join("files.lock")).failed(failed)?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { root: root.to_owned(), run, _lock: lock }),
            Err(TryLockError::WouldBlock) => {
                Err(Error::failed("another msvc is changing this project").hint("wait for its end, then try again"))
            }
            Err(TryLockError::Error(e)) => Err(e).failed(failed),
        }
    }

    /// Completes what a killed run left; tells whether there was something.
    ///
    /// # Errors
    /// A file was changed meanwhile, or can't be written.
    pub fn resume(&self) -> Result<bool> {
        let pending = self.run.join(PENDING);
        let Ok(text) = fs::read_to_string(pending.join(STEPS)) else {
            // Without its list the folder is one that was being removed.
            let _ = fs::remove_dir_all(&pending);
            return Ok(false);
        };
        let steps: Vec<Step> =
            serde_json::from_str(&text).failed(|| format!("{} is damaged", pending.join(STEPS).display()))?;
        self.finish(&pending, &steps)?;
        Ok(true)
    }

    /// Writes the files, or (`None`) deletes them.
    ///
    /// # Errors
    /// A file can't be written: then nothing has changed, or the next run completes it.
    pub fn apply(&self, files: &[(String, Option<Entry>)]) -> Result<()> {
        let steps = self.prepare(files)?;
        self.finish(&self.run.join(PENDING), &steps)
    }

    /// Once this has ended the change counts as made.
    fn prepare(&self, files: &[(String, Option<Entry>)]) -> Result<Vec<Step>> {
        let staging = self.run.join("staging");
        let _ = fs::remove_dir_all(&staging);
        let failed = || format!("could not write to {}", self.run.display());
        fs::create_dir_all(&staging).failed(failed)?;
        let mut steps = Vec::new();
        for (number, (path, entry)) in files.iter().enumerate() {
            self.check_place(path)?;
            let from = entry.as_ref().map(|_| number.to_string());
            if let (Some(entry), Some(name)) = (entry, &from) {
                self.stage(&staging.join(name), path, entry).failed(failed)?;
            }
            steps.push(Step { path: path.clone(), from, before: hash(&self.root.join(path)) });
        }
        let list = serde_json::to_vec(&steps).failed(failed)?;
        fs::write(staging.join(STEPS), list).failed(failed)?;
        fs::rename(&staging, self.run.join(PENDING)).failed(failed)?;
        Ok(steps)
    }

    /// What is written keeps the mode that the file has, but for the right to run it.
    fn stage(&self, file: &Path, path: &str, entry: &Entry) -> std::io::Result<()> {
        fs::write(file, &entry.bytes)?;
        let mode = self.root.join(path).metadata().map_or(0o644, |m| m.permissions().mode() & 0o777);
        let mode = if entry.executable { mode | (0o111 & ((mode >> 2) | 0o100)) } else { mode & !0o111 };
        fs::set_permissions(file, fs::Permissions::from_mode(mode))
    }

    /// A link could lead out of the project.
    fn check_place(&self, path: &str) -> Result<()> {
        let mut place = self.root.clone();
        for part in path.split('/') {
            place.push(part);
            if place.symlink_metadata().is_ok_and(|m| m.is_symlink()) {
                return Err(Error::usage(format!("{path} can't be written"))
                    .cause(format!("{} is a link", place.display()))
                    .hint("put a file or folder in its place"));
            }
        }
        Ok(())
    }

    fn finish(&self, pending: &Path, steps: &[Step]) -> Result<()> {
        for step in steps {
            self.take_step(pending, step)?;
        }
        fs::remove_dir_all(pending).failed(|| format!("could not remove {}", pending.display()))
    }

    /// Brings one file to its place, if it is not there already.
    fn take_step(&self, pending: &Path, step: &Step) -> Result<()> {
        let target = self.root.join(&step.path);
        let source = step.from.as_ref().map(|name| pending.join(name));
        let there = hash(&target);
        let done = source.as_ref().map_or(there.is_none(), |source| !source.exists());
        if done {
            return Ok(());
        }
        if there != step.before {
            return Err(changed_meanwhile(&step.path, pending));
        }
        let failed = || format!("could not write {}", step.path);
        let Some(source) = source else { return fs::remove_file(&target).failed(failed) };
        fs::create_dir_all(target.parent().unwrap_or(&self.root)).failed(failed)?;
        fs::rename(source, &target).failed(failed)
    }
}

/// Whether a killed run left something to be completed.
#[must_use]
pub fn is_pending(root: &Path) -> bool {
    root.join(RUN).join(PENDING).join(STEPS).is_file()
}

fn changed_meanwhile(path: &str, pending: &Path) -> Error {
    Error::failed(format!("{path} was changed while msvc was writing, or since a run of it was broken off"))
        .hint("put it back as it was (`git diff`, `git stash`) and run this again: msvc goes on where it stopped")
        .hint(format!("or remove {} to give up the rest", pending.display()))
}

fn hash(file: &Path) -> Option<String> {
    let bytes = fs::read(file).ok()?;
    Some(Sha256::digest(bytes).iter().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(root: &Path) -> String {
        let read = |name| fs::read_to_string(root.join(name)).unwrap_or_else(|_| "-".to_owned());
        ["a", "b/c", "gone", "run.sh"].map(read).join(" ")
    }

    #[test]
    fn a_run_that_is_broken_off_after_any_step_is_completed() {
        let files = [("a", Some("new")), ("b/c", Some("made")), ("gone", None), ("run.sh", Some("#!x"))];
        let files = files.map(|(path, text)| (path.to_owned(), text.map(|text| Entry::file(text.as_bytes()))));
        for steps_taken in 0..=files.len() {
            let dir = tempfile::tempdir().unwrap();
            fs::write(dir.path().join("a"), "old").unwrap();
            fs::write(dir.path().join("gone"), "old").unwrap();
            let writer = Writer::take(dir.path()).unwrap();
            assert!(Writer::take(dir.path()).is_err(), "two at a time");
            for step in &writer.prepare(&files).unwrap()[..steps_taken] {
                writer.take_step(&writer.run.join(PENDING), step).unwrap();
            }
            drop(writer);
            assert!(is_pending(dir.path()));
            let writer = Writer::take(dir.path()).unwrap();
            assert!(writer.resume().unwrap());
            assert_eq!(state(dir.path()), "new made - #!x");
            assert!(!writer.resume().unwrap());
            let mode = dir.path().join("run.sh").metadata().unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o755);
        }
    }

    #[test]
    fn what_was_changed_since_is_not_overwritten_and_links_are_not_followed() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("a"), "old").unwrap();
        let writer = Writer::take(dir.path()).unwrap();
        let files = [("a".to_owned(), Some(Entry::file(b"new")))];
        writer.prepare(&files).unwrap();
        fs::write(dir.path().join("a"), "mine").unwrap();
        let error = writer.resume().unwrap_err();
        assert_eq!(error.message, "a was changed while msvc was writing, or since a run of it was broken off");
        fs::write(dir.path().join("a"), "old").unwrap();
        assert!(writer.resume().unwrap());

        std::os::unix::fs::symlink("/tmp", dir.path().join("link")).unwrap();
        let error = writer.apply(&[("link/a".to_owned(), Some(Entry::file(b"x")))]).unwrap_err();
        assert_eq!(error.message, "link/a can't be written");
    }
}
