//! Generated projects: made by msvc, built in one shared target folder, run by `msvc up`.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::Value;

use super::Msvc;

/// Where all generated projects are built: their dependencies are compiled once.
pub fn target_dir() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("generated")
}

/// Held while a project is built or started, one at a time: to cargo the chassis of all projects are one crate, and a
/// build of one takes away the file that another's documentation tests are just about to read.
pub fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Runs `cargo` in a generated project; fails the test with its output unless it succeeds.
#[track_caller]
pub fn cargo(dir: &Path, args: &[&str], env: &[(&str, &str)]) {
    let _alone = alone();
    let output = Command::new(env!("CARGO"))
        .args(args)
        .current_dir(dir)
        .envs(env.iter().copied())
        .env("CARGO_TARGET_DIR", target_dir())
        .env("CARGO_INCREMENTAL", "0")
        .output()
        .unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(
        output.status.success(),
        "cargo {args:?} in {}\n{}{}",
        dir.display(),
        text(&output.stdout),
        text(&output.stderr)
    );
}

/// A project that `msvc up` runs.
pub struct Up {
    child: Child,
    /// Reads what it says: it would wait for that, and its services for it.
    listener: Option<JoinHandle<()>>,
    /// Base address of the API.
    pub url: String,
    /// Base address of health and metrics.
    pub management: String,
}

impl Up {
    /// Starts it on a free port and waits until it is ready.
    pub fn start(dir: &Path, env: &[(&str, &str)]) -> Self {
        let _alone = alone();
        let mut command = Msvc::new(dir, &["up", "--port", "0", "--output", "json"]).command();
        command.envs(env.iter().copied()).env("CARGO_TARGET_DIR", target_dir()).env("CARGO_INCREMENTAL", "0");
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let ready = lines
            .by_ref()
            .map_while(Result::ok)
            .map(|line| serde_json::from_str::<Value>(&line).unwrap())
            .find(|event| event["event"] == "ready")
            .expect("it never became ready");
        let listener = std::thread::spawn(move || lines.map_while(Result::ok).for_each(drop));
        let text = |key: &str| ready[key].as_str().unwrap().to_owned();
        Self { child, listener: Some(listener), url: text("url"), management: text("management") }
    }

    /// Ctrl-C.
    pub fn interrupt(&self) {
        kill(Pid::from_raw(self.child.id().try_into().unwrap()), Signal::SIGINT).unwrap();
    }

    /// Waits for its end; gives the exit code.
    pub fn wait(mut self) -> Option<i32> {
        self.listener.take().map(JoinHandle::join).unwrap().unwrap();
        let until = Instant::now() + Duration::from_secs(40);
        while Instant::now() < until {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.code();
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        panic!("it did not end");
    }

    /// Ctrl-C, and the end.
    pub fn stop(self) -> Option<i32> {
        self.interrupt();
        self.wait()
    }
}

impl Drop for Up {
    fn drop(&mut self) {
        // A test that failed in between must not leave it running; SIGTERM lets it take its children along.
        if self.child.try_wait().is_ok_and(|status| status.is_none()) {
            let _ = kill(Pid::from_raw(self.child.id().try_into().unwrap()), Signal::SIGTERM);
            let _ = self.child.wait();
        }
    }
}
