//! Compiles services so that the same source gives the same bytes, whichever folder it lies in.

use std::path::{Path, PathBuf};

use futures_util::future::join;

use crate::cargo::{Build, Built, Crate, Graph, Package};
use crate::error::{Error, Result};
use crate::image::plan::{Native, Plan};
use crate::progress::Progress;

/// What cargo made of a service.
#[derive(Debug)]
pub(super) struct Compiled {
    /// Its file.
    pub executable: PathBuf,
    /// The crates in it, its own first; none where cargo could not tell.
    pub crates: Vec<Crate>,
}

/// The services, compiled for `architecture`, in their order.
///
/// # Errors
/// Those of [`Build::run`].
pub(super) async fn compile(
    plans: &[(&Plan, &Native)],
    architecture: &str,
    progress: &dyn Progress,
) -> Result<Vec<Compiled>> {
    let Some((first, _)) = plans.first() else { return Ok(Vec::new()) };
    let target = target(architecture)?;
    let mut arguments = vec!["--release".to_owned(), "--locked".to_owned()];
    if architecture != here() {
        arguments.extend(["--target".to_owned(), target.to_owned()]);
    }
    let (flags, env) = with_remapped_paths(&first.root);
    arguments.extend(flags);
    let package = |(plan, native): &(&Plan, &Native)| Package { name: plan.service.clone(), dir: native.dir.clone() };
    let build = Build {
        root: first.root.clone(),
        name: first.project.clone(),
        packages: plans.iter().map(package).collect(),
        arguments,
        env,
        ..Build::default()
    };
    let (made, graph) = join(build.run(progress), Graph::read(&first.root, target)).await;
    let Built { executables, libraries } = made?;
    let graph = match graph {
        Ok(graph) => Some(graph),
        Err(e) => {
            progress.warning(&format!("the images tell nothing of their crates: {e}: {}", e.causes.join("; ")));
            None
        }
    };
    let crates = |native: &Native| graph.as_ref().map(|graph| graph.linked(&native.dir, &libraries));
    let compiled = plans
        .iter()
        .zip(executables)
        .map(|((_, native), executable)| Compiled { executable, crates: crates(native).unwrap_or_default() });
    Ok(compiled.collect())
}

/// The processor of this machine, by the name that images have for it.
pub(in crate::image) fn here() -> &'static str {
    if cfg!(target_arch = "aarch64") { "arm64" } else { "amd64" }
}

/// What Rust calls a processor.
///
/// # Errors
/// The native builder does not know it.
pub(in crate::image) fn target(architecture: &str) -> Result<&'static str> {
    match architecture {
        "amd64" => Ok("x86_64-unknown-linux-gnu"),
        "arm64" => Ok("aarch64-unknown-linux-gnu"),
        other => Err(Error::usage(format!("the native builder does not know linux/{other}"))
            .hint("it knows linux/amd64 and linux/arm64; `--builder docker` may know others")),
    }
}

/// Panics tell where they happened; the folders of this machine are nobody's business. Flags that the user's environment
/// holds stay, those of .cargo/config.toml too.
fn with_remapped_paths(root: &Path) -> (Vec<String>, Vec<(String, String)>) {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".cargo")));
    let folders = [Some((root.to_owned(), "/build")), home.map(|home| (home, "/cargo"))];
    let flags: Vec<String> = folders
        .into_iter()
        .flatten()
        .map(|(folder, name)| format!("--remap-path-prefix={}={name}", folder.display()))
        .collect();
    let known = std::env::var("CARGO_ENCODED_RUSTFLAGS").ok().or_else(|| {
        let plain = std::env::var("RUSTFLAGS").ok()?;
        Some(plain.split_whitespace().collect::<Vec<_>>().join("\u{1f}"))
    });
    match known.filter(|known| !known.is_empty()) {
        Some(known) => {
            let all = format!("{known}\u{1f}{}", flags.join("\u{1f}"));
            (Vec::new(), vec![("CARGO_ENCODED_RUSTFLAGS".to_owned(), all)])
        }
        // An empty RUSTFLAGS would hide the configuration.
        None => (vec!["--config".to_owned(), format!("build.rustflags={}", serde_json::json!(flags))], Vec::new()),
    }
}
