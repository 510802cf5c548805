//! One running process of a service: started in a process group of its own, so that a terminal's Ctrl-C reaches
//! only msvc, which then ends it in order.

use std::collections::VecDeque;
use std::process::Stdio;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use nix::sys::signal::{Signal, kill, killpg};
use nix::unistd::Pid;
use tokio::io::AsyncRead;
use tokio::process::{Child, Command};
use tokio::task::JoinSet;

use super::Runnable;
use super::event::{Event, Stream};
use super::identity::Identity;
use super::report::{Report, Reporter};
use crate::cargo::Lines;
use crate::error::{Context, Result};

/// How many of the last lines are kept to be shown when it fails.
const LAST_LINES: usize = 10;

/// How long to wait for the last lines of an ended process: another one may hold its output open.
const LAST_OUTPUT: Duration = Duration::from_secs(2);

type LastLines = Arc<Mutex<VecDeque<String>>>;

/// A running process.
pub(super) struct Process {
    child: Child,
    group: Pid,
    readers: JoinSet<()>,
    last: LastLines,
    /// Who it is.
    pub(super) identity: Identity,
}

impl Process {
    /// Starts `service`; each line it writes is reported.
    ///
    /// # Errors
    /// The system refuses (exit code 1).
    pub(super) fn start(service: &Runnable, reporter: &Reporter) -> Result<Self> {
        let mut child = Command::new(&service.executable)
            .current_dir(&service.dir)
            .envs(environment(service))
            .envs(service.told.iter().map(|(name, address)| (name, address)))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0)
            .spawn()
            .failed(|| format!("could not start {}", service.name))?;
        let pid = child.id().and_then(|pid| i32::try_from(pid).ok()).unwrap_or_default();
        let last = LastLines::default();
        let mut readers = JoinSet::new();
        let name = || service.name.clone();
        if let Some(stdout) = child.stdout.take() {
            readers.spawn(forward(name(), Stream::Stdout, stdout, last.clone(), reporter.clone()));
        }
        if let Some(stderr) = child.stderr.take() {
            readers.spawn(forward(name(), Stream::Stderr, stderr, last.clone(), reporter.clone()));
        }
        let identity = Identity::of(&service.name, pid, &service.executable);
        Ok(Self { child, group: Pid::from_raw(pid), readers, last, identity })
    }

    /// Ends when the process has ended and its last lines were told, with how it ended: `exit status: 1`,
    /// `signal: 9 (SIGKILL)`.
    pub(super) async fn ended(&mut self) -> String {
        let status = self.child.wait().await.map_or_else(|e| e.to_string(), |status| status.to_string());
        let all_read = async { while self.readers.join_next().await.is_some() {} };
        let _ = tokio::time::timeout(LAST_OUTPUT, all_read).await;
        status
    }

    /// Asks the process to end.
    pub(super) fn terminate(&self) {
        if self.child.id().is_some() {
            let _ = kill(self.group, Signal::SIGTERM);
        }
    }

    /// Ends the process, and those it started, at once.
    pub(super) fn kill(&self) {
        if self.child.id().is_some() {
            let _ = killpg(self.group, Signal::SIGKILL);
        }
    }

    /// The last lines that it wrote.
    pub(super) fn last_lines(&self) -> Vec<String> {
        self.last.lock().map(|last| last.iter().cloned().collect()).unwrap_or_default()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}

/// What msvc tells a service; all else it has from the user's own environment.
fn environment(service: &Runnable) -> Vec<(&'static str, String)> {
    let mut all = vec![
        ("HOST", "127.0.0.1".to_owned()),
        ("PORT", service.port.to_string()),
        ("MANAGEMENT_PORT", service.management.to_string()),
    ];
    if std::env::var_os("LOG_FORMAT").is_none() {
        // It writes to msvc and not to a terminal, but a person reads it.
        all.push(("LOG_FORMAT", "text".to_owned()));
    }
    all
}

async fn forward(service: String, stream: Stream, source: impl AsyncRead + Unpin, last: LastLines, reporter: Reporter) {
    let mut lines = Lines::of(source);
    while let Some(line) = lines.next().await {
        if let Ok(mut last) = last.lock() {
            if last.len() == LAST_LINES {
                last.pop_front();
            }
            last.push_back(line.clone());
        }
        reporter.tell(Report::Event(Event::Log { service: service.clone(), stream, line })).await;
    }
}
