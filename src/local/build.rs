//! Builds services with the user's cargo, and finds what it built.

use std::cell::RefCell;
use std::io::ErrorKind;
use std::path::PathBuf;
use std::process::Stdio;

use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;
use tokio::process::{Child, Command};

use super::cargo_output::Output;
use super::lines::Lines;
use crate::error::{Context, Error, Result};
use crate::progress::{Progress, Task};
use crate::project::{Project, ServiceFile};

/// Builds `services` with one cargo run and returns their executables, in the same order. Dropped before its end,
/// it interrupts cargo. `color`: whether the compiler's words are coloured.
///
/// # Errors
/// There is no cargo, or the code does not build, with the compiler's errors as causes (exit code 1).
pub(super) async fn build(
    project: &Project,
    services: &[&ServiceFile],
    color: bool,
    progress: &dyn Progress,
) -> Result<Vec<PathBuf>> {
    let task = progress.task(&format!("build {}", project.name()));
    let output = match run(project, services, color, progress, &*task).await {
        Ok(output) => output,
        Err(error) => {
            task.failed("");
            return Err(error);
        }
    };
    task.done("");
    services.iter().map(|service| executable(&output, service)).collect()
}

/// Builds them again, as far as they changed. What comes of it the caller tells.
///
/// # Errors
/// As [`build`].
pub(super) async fn again(
    project: &Project,
    services: &[&ServiceFile],
    color: bool,
    progress: &dyn Progress,
) -> Result<()> {
    let task = progress.task(&format!("build {}", project.name()));
    run(project, services, color, progress, &*task).await.map(drop)
}

async fn run(
    project: &Project,
    services: &[&ServiceFile],
    color: bool,
    progress: &dyn Progress,
    task: &dyn Task,
) -> Result<Output> {
    let mut cargo = Cargo::start(project, services, color)?;
    let output = RefCell::new(Output::default());
    let messages = async |source| {
        let mut lines = Lines::of(source);
        while let Some(line) = lines.next().await {
            let warning = output.borrow_mut().message(&line);
            if let Some(warning) = warning {
                progress.message(&warning);
            }
        }
    };
    let text = async |source| {
        let mut lines = Lines::with_states(source);
        while let Some(line) = lines.next().await {
            let doing = output.borrow_mut().text(&line);
            if let Some(doing) = doing {
                task.update(&doing);
            }
        }
    };
    let (stdout, stderr) = (cargo.child.stdout.take(), cargo.child.stderr.take());
    if let (Some(stdout), Some(stderr)) = (stdout, stderr) {
        tokio::join!(messages(stdout), text(stderr));
    }
    let status = cargo.child.wait().await.failed(|| "could not wait for cargo")?;
    cargo.ended = true;
    let output = output.into_inner();
    if status.success() {
        return Ok(output);
    }
    let error = Error::failed(format!("{} does not build", project.name()));
    Err(output.causes().into_iter().fold(error, Error::cause))
}

fn executable(output: &Output, file: &ServiceFile) -> Result<PathBuf> {
    let name = file.service.name.as_str();
    output.executable(&file.dir, name).ok_or_else(|| {
        Error::failed(format!("{name} has nothing to run")).cause(format!(
            "its package in {} has no binary called `{name}`, nor a single other one",
            file.dir.display()
        ))
    })
}

/// A running cargo.
struct Cargo {
    child: Child,
    ended: bool,
}

impl Cargo {
    fn start(project: &Project, services: &[&ServiceFile], color: bool) -> Result<Self> {
        let rendered = if color { "json-diagnostic-rendered-ansi" } else { "json" };
        let mut command = Command::new("cargo");
        // What does build, a running system can take up.
        command.args(["build", "--keep-going", "--color=never", &format!("--message-format={rendered}")]);
        if services.len() == project.services.len() {
            command.arg("--bins");
        } else {
            // Without `-p`: crates keep the features that the whole workspace needs, and are not built anew for a part.
            command.args(services.iter().flat_map(|s| ["--bin", s.service.name.as_str()]));
        }
        let child = command
            .current_dir(&project.root)
            .env("CARGO_TERM_PROGRESS_WHEN", "always")
            .env("CARGO_TERM_PROGRESS_WIDTH", "100")
            // The toolchain is the project's choice, even if msvc itself was started by a cargo.
            .env_remove("RUSTUP_TOOLCHAIN")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0)
            .spawn();
        match child {
            Ok(child) => Ok(Self { child, ended: false }),
            Err(e) if e.kind() == ErrorKind::NotFound => Err(Error::failed("there is no cargo to build with")
                .hint("https://rustup.rs installs Rust; cargo must be in the PATH")),
            Err(e) => Err(e).failed(|| "could not start cargo"),
        }
    }
}

impl Drop for Cargo {
    fn drop(&mut self) {
        if !self.ended
            && let Some(pid) = self.child.id().and_then(|pid| i32::try_from(pid).ok())
        {
            // The group, because its compilers don't end with it.
            let _ = killpg(Pid::from_raw(pid), Signal::SIGINT);
        }
    }
}
