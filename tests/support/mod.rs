//! What tests share: msvc as a process, and what it said.

pub mod checks;
pub mod combinations;
pub mod fakes;
pub mod generated;
pub mod registry;
pub mod rpc;
pub mod running;
pub mod service;
pub mod shared;
pub mod systems;

use std::path::Path;
use std::process::{Command, Stdio};

/// A run of msvc that is being prepared. Its environment holds nothing that could change what it says.
pub struct Msvc(Command);

/// How a run ended and what it printed.
#[derive(Debug)]
pub struct Output {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Msvc {
    /// `msvc` with these arguments, in `dir`.
    pub fn new(dir: &Path, args: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_msvc"));
        command.args(args).current_dir(dir);
        for (name, _) in std::env::vars_os() {
            let name = name.to_string_lossy().into_owned();
            if name.starts_with("MSVC_") || matches!(name.as_str(), "CI" | "NO_COLOR" | "CLICOLOR_FORCE" | "COLUMNS") {
                command.env_remove(name);
            }
        }
        // Commits need a name wherever the tests run.
        for (name, value) in [("GIT_AUTHOR_NAME", "Test"), ("GIT_COMMITTER_NAME", "Test")] {
            command.env(name, value);
        }
        // What it keeps for a user goes with the target folder.
        command.env("XDG_STATE_HOME", concat!(env!("CARGO_TARGET_TMPDIR"), "/state"));
        Self(command)
    }

    /// With an environment variable.
    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.0.env(name, value);
        self
    }

    /// The command itself, to start it otherwise than by [`Self::run`].
    pub fn command(self) -> Command {
        self.0
    }

    /// Runs to the end.
    pub fn run(mut self) -> Output {
        let output = self.0.stdin(Stdio::null()).output().unwrap();
        Output {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

impl Output {
    /// Fails the test unless msvc succeeded.
    #[track_caller]
    pub fn success(self) -> Self {
        assert_eq!(self.code, Some(0), "{self}");
        self
    }

    /// Everything that was seen, for snapshots.
    pub fn transcript(&self) -> String {
        self.to_string()
    }
}

impl std::fmt::Display for Output {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "exit code {}", self.code.map_or("none".to_owned(), |c| c.to_string()))?;
        for (name, text) in [("stdout", &self.stdout), ("stderr", &self.stderr)] {
            if !text.is_empty() {
                write!(f, "--- {name}\n{text}")?;
            }
        }
        Ok(())
    }
}

/// The path of a tool that the testbed builds once, in minutes, and keeps (`just helm`).
pub fn testbed_tool(name: &str) -> String {
    let kubeconfig = std::env::var("KUBECONFIG").unwrap();
    let path = Path::new(&kubeconfig).parent().unwrap().join("bin").join(name);
    assert!(path.exists(), "no {}: the testbed builds it", path.display());
    path.to_str().unwrap().to_owned()
}

/// A checker that `.ci/tools` installs.
pub fn tool(name: &str) -> Command {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let installed = Command::new(root.join(".ci/tools")).output().unwrap();
    assert!(installed.status.success(), "{}", String::from_utf8_lossy(&installed.stderr));
    Command::new(Path::new(String::from_utf8(installed.stdout).unwrap().trim()).join(name))
}
