//! Compiles services so that the same source gives the same bytes, whichever folder it lies in.

use std::path::{Path, PathBuf};

use crate::cargo::{Build, Package};
use crate::error::{Error, Result};
use crate::image::plan::{Native, Plan};
use crate::progress::Progress;

/// The executables of the services, in their order.
///
/// # Errors
/// Those of [`Build::run`]; platforms that differ.
pub(super) async fn compile(plans: &[(&Plan, &Native)], progress: &dyn Progress) -> Result<Vec<PathBuf>> {
    let Some((first, native)) = plans.first() else { return Ok(Vec::new()) };
    if plans.iter().any(|(_, other)| other.architecture != native.architecture) {
        return Err(Error::usage("services for different platforms are built one platform at a time")
            .hint("`--platform` names one for all"));
    }
    let mut arguments = vec!["--release".to_owned(), "--locked".to_owned()];
    if native.architecture != here() {
        arguments.extend(["--target".to_owned(), target(&native.architecture)?]);
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
    build.run(progress).await
}

/// The processor of this machine, by the name that images have for it.
pub(in crate::image) fn here() -> &'static str {
    if cfg!(target_arch = "aarch64") { "arm64" } else { "amd64" }
}

fn target(architecture: &str) -> Result<String> {
    match architecture {
        "amd64" => Ok("x86_64-unknown-linux-gnu".to_owned()),
        "arm64" => Ok("aarch64-unknown-linux-gnu".to_owned()),
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
