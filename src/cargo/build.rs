//! Builds binaries with the user's cargo, and finds what it built.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::io::ErrorKind;
use std::path::PathBuf;
use std::process::Stdio;

use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;
use tokio::process::{Child, Command};

use super::lines::Lines;
use super::output::Output;
use crate::error::{Context, Error, Result};
use crate::progress::{Progress, Task};

/// What is built, and how.
#[derive(Debug, Clone, Default)]
pub struct Build {
    /// The workspace's folder.
    pub root: PathBuf,
    /// What messages call it.
    pub name: String,
    /// The packages whose binaries are wanted.
    pub packages: Vec<Package>,
    /// Whether these are all binaries that the workspace has.
    pub is_whole: bool,
    /// More arguments for cargo.
    pub arguments: Vec<String>,
    /// More variables for cargo.
    pub env: Vec<(String, String)>,
    /// Whether the compiler's words are coloured.
    pub color: bool,
}

/// A package with a binary.
#[derive(Debug, Clone)]
pub struct Package {
    /// The binary's name.
    pub name: String,
    /// The package's folder.
    pub dir: PathBuf,
}

/// What was built.
#[derive(Debug, Clone)]
pub struct Built {
    /// The executables, in the packages' order.
    pub executables: Vec<PathBuf>,
    /// The ids of all packages whose libraries may be in them.
    pub libraries: BTreeSet<String>,
}

impl Build {
    /// Builds all with one cargo run. Dropped before its end, it interrupts cargo.
    ///
    /// # Errors
    /// There is no cargo, or the code does not build, with the compiler's errors as causes (exit code 1).
    pub async fn run(&self, progress: &dyn Progress) -> Result<Built> {
        let task = progress.task(&format!("build {}", self.name));
        let output = match run(self, progress, &*task).await {
            Ok(output) => output,
            Err(error) => {
                task.failed("");
                return Err(error);
            }
        };
        task.done("");
        let executables = self.packages.iter().map(|package| executable(&output, package)).collect::<Result<_>>()?;
        Ok(Built { executables, libraries: output.libraries() })
    }

    /// Builds all again, as far as it changed. What comes of it the caller tells.
    ///
    /// # Errors
    /// As [`Build::run`].
    pub async fn again(&self, progress: &dyn Progress) -> Result<()> {
        let task = progress.task(&format!("build {}", self.name));
        run(self, progress, &*task).await.map(drop)
    }
}

async fn run(build: &Build, progress: &dyn Progress, task: &dyn Task) -> Result<Output> {
    let mut cargo = Cargo::start(build)?;
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
    let error = Error::failed(format!("{} does not build", build.name));
    let error = output.causes().into_iter().fold(error, Error::cause);
    // The second is what becomes of a linker then.
    let signs = ["No space left on device", "ld terminated with signal 7 [Bus error]"];
    let full = error.causes.iter().any(|cause| signs.iter().any(|sign| cause.contains(sign)));
    Err(if full { error.hint("the disk of the target folder seems full: `cargo clean` makes room") } else { error })
}

fn executable(output: &Output, Package { name, dir }: &Package) -> Result<PathBuf> {
    output.executable(dir, name).ok_or_else(|| {
        Error::failed(format!("{name} has nothing to run"))
            .cause(format!("its package in {} has no binary called `{name}`, nor a single other one", dir.display()))
    })
}

/// A running cargo.
struct Cargo {
    child: Child,
    ended: bool,
}

impl Cargo {
    fn start(build: &Build) -> Result<Self> {
        let rendered = if build.color { "json-diagnostic-rendered-ansi" } else { "json" };
        let mut command = Command::new("cargo");
        // What does build, a running system can take up.
        command.args(["build", "--keep-going", "--color=never", &format!("--message-format={rendered}")]);
        if build.is_whole {
            command.arg("--bins");
        } else {
            // Without `-p`: crates keep the features that the whole workspace needs, and are not built anew for a part.
            command.args(build.packages.iter().flat_map(|package| ["--bin", &package.name]));
        }
        let child = command
            .args(&build.arguments)
            .current_dir(&build.root)
            .envs(build.env.iter().map(|(name, value)| (name, value)))
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
