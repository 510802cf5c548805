//! What runs for a project is written down in `.msvc/run/`, so that after an `up` that was killed the next one
//! can end what is left of it. A lock keeps two of them from running at once; it goes with its process.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::time::Duration;

use nix::sys::signal::{Signal, kill, killpg};
use nix::unistd::Pid;
use serde::{Deserialize, Serialize};
use tokio::time::{Instant, sleep};

use super::identity::Identity;
use super::keeper::drain_time;
use crate::error::{Context, Error, Result};
use crate::progress::Progress;

/// The record of a running `up`. Dropped, it is taken back.
pub(super) struct Record {
    file: PathBuf,
    content: Content,
    // Held as long as this lives.
    _lock: File,
}

#[derive(Debug, Default, Serialize, Deserialize)]
struct Content {
    supervisor: u32,
    processes: Vec<Identity>,
}

impl Record {
    /// Begins the record of the project in `root`, and ends what an earlier, killed `up` left running.
    ///
    /// # Errors
    /// Another `up` runs, or the record can't be written (exit code 1).
    pub(super) async fn begin(root: &Path, name: &str, progress: &dyn Progress) -> Result<Self> {
        let dir = root.join(".msvc/run");
        let failed = || format!("could not write to {}", dir.display());
        fs::create_dir_all(&dir).failed(failed)?;
        fs::write(dir.join(".gitignore"), "*\n").failed(failed)?;
        let file = dir.join("up.json");
        let earlier = read(&file);
        let lock = File::create(dir.join("lock")).failed(failed)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(runs_already(name, earlier.supervisor)),
            Err(TryLockError::Error(e)) => return Err(e).failed(failed),
        }
        for left in earlier.processes.iter().filter(|p| p.runs()) {
            progress.message(&format!("ending {} (pid {}), left by an earlier `msvc up`", left.service, left.pid));
            end(left).await;
        }
        let content = Content { supervisor: std::process::id(), processes: Vec::new() };
        let record = Self { file, content, _lock: lock };
        record.write()?;
        Ok(record)
    }

    /// Adds a process, in place of one of the same service.
    ///
    /// # Errors
    /// The record can't be written (exit code 1).
    pub(super) fn add(&mut self, process: Identity) -> Result<()> {
        self.content.processes.retain(|p| p.service != process.service);
        self.content.processes.push(process);
        self.write()
    }

    fn write(&self) -> Result<()> {
        let text = serde_json::to_string_pretty(&self.content).failed(|| "could not represent what runs")?;
        fs::write(&self.file, text).failed(|| format!("could not write {}", self.file.display()))
    }
}

impl Drop for Record {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.file);
    }
}

fn read(file: &Path) -> Content {
    // No record, or one cut short by a kill: nothing is known to be left.
    fs::read_to_string(file).ok().and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default()
}

fn runs_already(name: &str, supervisor: u32) -> Error {
    let error = Error::failed(format!("{name} is up already"));
    match supervisor {
        0 => error,
        pid => error
            .cause(format!("another `msvc up` runs it (pid {pid})"))
            .hint(format!("Ctrl-C there ends it, or `kill {pid}`")),
    }
}

async fn end(process: &Identity) {
    let pid = Pid::from_raw(process.pid);
    let deadline = Instant::now() + drain_time();
    let _ = kill(pid, Signal::SIGTERM);
    while process.runs() {
        if Instant::now() >= deadline {
            let _ = killpg(pid, Signal::SIGKILL);
        }
        sleep(Duration::from_millis(20)).await;
    }
}
