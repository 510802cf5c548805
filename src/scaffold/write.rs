//! Files in memory -> a folder on disk, whole or not at all: they are written to a staging folder beside the
//! target, which is renamed in one step.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use nix::sys::signal::kill;
use nix::unistd::Pid;

use super::tree::Tree;
use crate::error::{Context, Error, Result};

/// Fails if something is at `target`: nothing of the user's is ever overwritten.
///
/// # Errors
/// There is (exit code 2).
pub fn ensure_free(target: &Path) -> Result<()> {
    let occupied = match fs::read_dir(target) {
        Ok(mut entries) => entries.next().is_some(),
        Err(e) => e.kind() != std::io::ErrorKind::NotFound,
    };
    if occupied { Err(Error::usage(format!("{} exists already", target.display()))) } else { Ok(()) }
}

/// Writes `files` to the new folder `target`. `finish` runs in the staging folder before it is renamed; `stop` is
/// looked at between files.
///
/// # Errors
/// The disk refuses, `finish` fails, or `stop` was set (exit code 130): then nothing is left.
pub fn write(files: &Tree, target: &Path, stop: &AtomicBool, finish: impl FnOnce(&Path) -> Result<()>) -> Result<()> {
    let staging = Staging::new(target)?;
    for (path, entry) in files.iter() {
        interrupted(stop)?;
        let file = staging.dir.join(path);
        write_file(&file, &entry.bytes, entry.executable).failed(|| format!("could not write {}", file.display()))?;
    }
    finish(&staging.dir)?;
    interrupted(stop)?;
    fs::rename(&staging.dir, target).failed(|| format!("could not create {}", target.display()))
}

fn interrupted(stop: &AtomicBool) -> Result<()> {
    if stop.load(Ordering::Relaxed) { Err(Error::interrupted()) } else { Ok(()) }
}

fn write_file(file: &Path, bytes: &[u8], executable: bool) -> std::io::Result<()> {
    if let Some(parent) = file.parent() {
        fs::create_dir_all(parent)?;
    }
    fs::write(file, bytes)?;
    if executable { fs::set_permissions(file, fs::Permissions::from_mode(0o755)) } else { Ok(()) }
}

/// A folder that is gone again unless it was renamed.
struct Staging {
    dir: PathBuf,
}

impl Staging {
    fn new(target: &Path) -> Result<Self> {
        let name = target.file_name().and_then(|n| n.to_str()).unwrap_or("project");
        let parent = target.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        fs::create_dir_all(parent).failed(|| format!("could not create {}", parent.display()))?;
        let prefix = format!(".{name}.msvc-");
        sweep(parent, &prefix);
        let dir = parent.join(format!("{prefix}{}", std::process::id()));
        fs::create_dir(&dir).failed(|| format!("could not write to {}", parent.display()))?;
        Ok(Self { dir })
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        // After the rename there is nothing to remove.
        let _ = fs::remove_dir_all(&self.dir);
    }
}

/// Removes what a killed run left: staging folders of processes that are gone.
fn sweep(parent: &Path, prefix: &str) {
    let Ok(entries) = fs::read_dir(parent) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let owner = name.to_str().and_then(|n| n.strip_prefix(prefix)).and_then(|pid| pid.parse().ok());
        if let Some(pid) = owner
            && kill(Pid::from_raw(pid), None).is_err()
        {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}
