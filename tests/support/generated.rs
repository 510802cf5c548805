//! Generated projects: made by msvc, built in one shared target folder, run by `msvc up`.

use std::fs::create_dir_all;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::Value;

use super::Msvc;

/// How cargo builds the project in `dir`: what all projects need is compiled once for all of them.
///
/// To cargo, packages of one name at one place within their workspaces are the same, and newer than their sources is new
/// enough: it would run another project's program. The path of the compiler of a workspace's members tells them apart, so
/// each workspace has its own; and programs are put into the project itself.
///
/// That compiler is clippy's driver, which compiles as rustc does and lints on the way: warnings are errors. There is no
/// debug information, nor are there names of symbols: hundreds of programs would hold gigabytes of them.
pub fn settings(dir: &Path) -> [(&'static str, PathBuf); 7] {
    let shared = Path::new(env!("CARGO_TARGET_TMPDIR")).join("generated");
    [
        ("CARGO_BUILD_BUILD_DIR", shared),
        ("CARGO_TARGET_DIR", dir.join("target")),
        ("CARGO_INCREMENTAL", "0".into()),
        ("CARGO_PROFILE_DEV_DEBUG", "none".into()),
        ("CARGO_PROFILE_DEV_STRIP", "symbols".into()),
        ("RUSTC_WORKSPACE_WRAPPER", compiler_of(dir)),
        // By this, clippy's driver learns what stands behind the `--` of `cargo clippy`.
        ("CLIPPY_ARGS", "-D__CLIPPY_HACKERY__warnings__CLIPPY_HACKERY__".into()),
    ]
}

/// clippy's driver, by a path that is the workspace's own.
fn compiler_of(dir: &Path) -> PathBuf {
    let workspace = dir.ancestors().filter(|folder| folder.join("Cargo.toml").exists()).last().unwrap();
    let (driver, folder) = (Path::new(env!("CARGO")).with_file_name("clippy-driver"), workspace.join("target"));
    create_dir_all(&folder).unwrap();
    let _ = symlink(driver, folder.join("clippy-driver"));
    folder.join("clippy-driver")
}

/// The program `name` as it was built last in `dir`.
pub fn program(dir: &Path, name: &str) -> PathBuf {
    dir.join("target/debug").join(name)
}

/// Runs `cargo` in a generated project; fails the test with its output unless it succeeds.
#[track_caller]
pub fn cargo(dir: &Path, args: &[&str], env: &[(&str, &str)]) {
    let mut cargo = Command::new(env!("CARGO"));
    let output = cargo.args(args).current_dir(dir).envs(env.iter().copied()).envs(settings(dir)).output().unwrap();
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
        let mut command = Msvc::new(dir, &["up", "--port", "0", "--output", "json"]).command();
        command.envs(env.iter().copied()).envs(settings(dir));
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
