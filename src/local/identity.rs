//! Who a process is, so that a number used again is never taken for it. Read from /proc; where there is none,
//! no process is ever taken for another.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

/// A process that was started for a service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Identity {
    /// The service's name.
    pub(super) service: String,
    /// Its number, which is its process group's too.
    pub(super) pid: i32,
    /// When it started, in clock ticks since the machine did.
    started: Option<u64>,
    /// What it runs.
    executable: PathBuf,
}

impl Identity {
    /// The process `pid`, just started for `service` from `executable`.
    pub(super) fn of(service: &str, pid: i32, executable: &Path) -> Self {
        let executable = executable.canonicalize().unwrap_or_else(|_| executable.to_owned());
        Self { service: service.to_owned(), pid, started: read_started(pid), executable }
    }

    /// Whether this very process still runs: same number, same start, same executable.
    pub(super) fn runs(&self) -> bool {
        let runs_it = std::fs::read_link(format!("/proc/{}/exe", self.pid)).is_ok_and(|exe| {
            // A rebuilt executable's old file is gone, which the link says so.
            let exe = exe.to_string_lossy();
            Path::new(exe.strip_suffix(" (deleted)").unwrap_or(&exe)) == self.executable
        });
        runs_it && self.started.is_some() && read_started(self.pid) == self.started
    }
}

fn read_started(pid: i32) -> Option<u64> {
    started(&std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?)
}

/// The 22nd field of /proc/PID/stat; counted from behind the name, which may hold spaces and brackets.
fn started(stat: &str) -> Option<u64> {
    let (_, after_name) = stat.rsplit_once(')')?;
    after_name.split_whitespace().nth(19)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::{Identity, started};

    #[test]
    fn start_is_found_behind_any_name() {
        let stat = "7 (a) b (c) S 1 7 7 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 98765 9 9";
        assert_eq!(started(stat), Some(98765));
        assert_eq!(started("nonsense"), None);
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn only_the_very_process_is_recognized() {
        let pid = i32::try_from(std::process::id()).unwrap();
        let me = Identity::of("me", pid, &std::env::current_exe().unwrap());
        assert!(me.runs());
        assert!(!Identity { started: Some(1), ..me.clone() }.runs());
        assert!(!Identity { executable: "/bin/sh".into(), ..me }.runs());
    }
}
