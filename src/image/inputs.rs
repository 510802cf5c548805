//! What an image is made of, as one hash. With it as a tag in the registry, whoever wants an image of the same finds the one
//! that is there, whatever commit they stand at and whichever machine made it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use sha2::{Digest as _, Sha256};

use super::context::Context;
use super::plan::{Dockerfile, Native, Plan, Recipe};
use crate::cargo::{Member, foreign_to, members};
use crate::error::Result;
use crate::git;
use crate::registry::{Digest, Reference, Session, digest_of};

/// The label that tells the tag of when it was made.
const VERSION: &str = "org.opencontainers.image.version";
/// How much of the hash the tag holds, in hex digits.
const DIGITS: usize = 24;

/// What the images of a project are made of besides their files, asked for once for all of them.
#[derive(Default)]
pub struct Shared {
    /// The packages of the workspace; without cargo none.
    members: Vec<Member>,
    compiler: String,
    /// What bases stand for by now, by their names.
    bases: BTreeMap<String, Option<Digest>>,
}

impl Shared {
    /// Asks cargo and the registries of the bases.
    ///
    /// # Errors
    /// A registry can't be asked.
    pub async fn of(plans: &[Plan]) -> Result<Self> {
        let Some(first) = plans.first() else { return Ok(Self::default()) };
        let natives = plans.iter().filter_map(|plan| match &plan.recipe {
            Recipe::Native(native) => Some(native.base.as_str()),
            Recipe::Docker(_) => None,
        });
        let mut bases = BTreeMap::new();
        for base in natives {
            if base != "scratch" && !bases.contains_key(base) {
                bases.insert(base.to_owned(), Session::pull(&base.parse()?).await?.named().await?);
            }
        }
        Ok(Self { members: members(&first.root).unwrap_or_default(), compiler: compiler(&first.root), bases })
    }
}

/// The image's name by what it is made of, beside its other names. Files are read once for each plan.
///
/// # Errors
/// A file can't be read.
pub async fn name_by_inputs<'a>(plan: &'a Plan, shared: &Shared) -> Result<Option<&'a Reference>> {
    plan.by_inputs.get_or_try_init(async || calculate(plan, shared)).await.map(Option::as_ref)
}

fn calculate(plan: &Plan, shared: &Shared) -> Result<Option<Reference>> {
    let Some(first) = plan.references.first() else { return Ok(None) };
    let foreign = plan.recipe.dir().map(|dir| foreign_to(dir, &shared.members)).unwrap_or_default();
    // Features of crates are those that the whole workspace asks for.
    let manifests: Vec<String> =
        foreign.iter().map(|dir| std::fs::read_to_string(dir.join("Cargo.toml")).unwrap_or_default()).collect();
    let inside = |dir: &PathBuf| dir.strip_prefix(&plan.root).ok().map(Path::to_owned);
    let foreign: Vec<PathBuf> = foreign.iter().filter_map(inside).collect();
    let own = match &plan.recipe {
        Recipe::Docker(dockerfile) => of_dockerfile(plan, dockerfile, foreign)?,
        Recipe::Native(native) => of_native(plan, native, &foreign, shared)?,
    };
    let all = hash(&[&own, &hash(&manifests.iter().map(String::as_str).collect::<Vec<_>>())]);
    format!("{}:inputs-{}", first.name(), &all[..DIGITS]).parse().map(Some)
}

fn of_dockerfile(plan: &Plan, dockerfile: &Dockerfile, foreign: Vec<PathBuf>) -> Result<String> {
    let context = Context::new(&plan.root, &dockerfile.path)?.without([foreign, declared(plan)].concat());
    let mut arguments: Vec<_> = dockerfile.arguments.iter().collect();
    arguments.sort();
    Ok(hash(&[
        &context.hash()?,
        &dockerfile.path.display().to_string(),
        &format!("{:?} {arguments:?} {:?}", dockerfile.platform, dockerfile.target),
    ]))
}

fn of_native(plan: &Plan, native: &Native, foreign: &[PathBuf], shared: &Shared) -> Result<String> {
    let declared = declared(plan);
    let out = |file: &PathBuf| foreign.iter().chain(&declared).any(|left| file.starts_with(left));
    let files: Vec<PathBuf> = git::files(&plan.root)?.into_iter().filter(|file| !out(file)).collect();
    let variable = |name: &str| std::env::var(name).unwrap_or_default();
    let base = shared.bases.get(&native.base).and_then(Option::as_ref);
    Ok(hash(&[
        &git::files_hash(&plan.root, &files)?,
        &format!("{} {base:?} {:?} {}", native.base, native.architectures, native.port),
        &format!("{} {} {}", shared.compiler, variable("RUSTFLAGS"), variable("CARGO_ENCODED_RUSTFLAGS")),
    ]))
}

/// What msvc itself reads: what matters of it to the image, is in the recipe.
fn declared(plan: &Plan) -> Vec<PathBuf> {
    let service = plan.recipe.dir().and_then(|dir| dir.strip_prefix(&plan.root).ok()).unwrap_or(Path::new(""));
    [Path::new(""), service].into_iter().flat_map(|dir| [dir.join("msvc.yaml"), dir.join(".msvc")]).collect()
}

fn compiler(root: &Path) -> String {
    let told = Command::new("rustc").arg("-vV").current_dir(root).env_remove("RUSTUP_TOOLCHAIN").output();
    told.map(|told| String::from_utf8_lossy(&told.stdout).into_owned()).unwrap_or_default()
}

/// Of parts that can't run into each other.
fn hash(parts: &[&str]) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    format!("{:x}", hasher.finalize())
}

/// Whether the image with this digest has the name that the plan's inputs had before it was built.
///
/// # Errors
/// The registry refuses.
pub async fn is_recorded(plan: &Plan, digest: &str) -> Result<bool> {
    let Some(Some(name)) = plan.by_inputs.get() else { return Ok(false) };
    Ok(digest_of(&name.to_string()).await?.is_some_and(|there| there.as_str() == digest))
}

/// Gives the image with this digest the name that the plan's inputs had before it was built, if they still have it: they are
/// read anew, for somebody may have written to them meanwhile.
///
/// # Errors
/// A file can't be read, or the registry refuses.
pub async fn record(plan: &Plan, digest: &str, shared: &Shared) -> Result<()> {
    if let Some(Some(name)) = plan.by_inputs.get()
        && calculate(plan, shared)?.as_ref() == Some(name)
    {
        Session::push(name).await?.rename(digest).await?;
    }
    Ok(())
}

/// The name that an image got when it was made, if that still stands for it: one whose inputs stay the same has further
/// names later, and whatever runs by the first one need not be started anew.
///
/// # Errors
/// The registry refuses.
pub async fn first_name(name: Reference, digest: &str) -> Result<Reference> {
    let Some(version) = Session::look(&name).await?.label(VERSION).await? else { return Ok(name) };
    let Ok(first) = format!("{}:{version}", name.name()).parse::<Reference>() else { return Ok(name) };
    let there = digest_of(&first.to_string()).await?;
    Ok(if there.is_some_and(|there| there.as_str() == digest) { first } else { name })
}

/// Gives an image of the same inputs the plan's names, where the registry has one; its digest.
///
/// # Errors
/// A file can't be read, or the registry refuses.
pub async fn reuse(plan: &Plan, shared: &Shared) -> Result<Option<String>> {
    let Some(name) = name_by_inputs(plan, shared).await? else { return Ok(None) };
    let Some(digest) = digest_of(&name.to_string()).await? else { return Ok(None) };
    for reference in &plan.references {
        if !Session::push(reference).await?.rename(digest.as_str()).await? {
            return Ok(None);
        }
    }
    Ok(Some(digest.to_string()))
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::{Shared, name_by_inputs, record};
    use crate::image::plan::{Plan, Recipe};

    #[tokio::test]
    async fn files_are_read_once_and_what_changed_since_gets_no_name() {
        let dir = tempfile::tempdir().unwrap();
        let write = |text: &str| std::fs::write(dir.path().join("main.rs"), text).unwrap();
        let plan = || {
            let (plan, native) = Plan::example(&["amd64"]);
            let native = crate::image::plan::Native { dir: PathBuf::from(dir.path()), ..native };
            // Nobody listens there.
            let references = vec!["127.0.0.1:1/orders:v1".parse().unwrap()];
            Plan { root: dir.path().to_owned(), recipe: Recipe::Native(native), references, ..plan }
        };
        let shared = Shared::default();
        write("one");
        let built = plan();
        let first = name_by_inputs(&built, &shared).await.unwrap().unwrap().to_string();
        write("two");
        assert_eq!(name_by_inputs(&built, &shared).await.unwrap().unwrap().to_string(), first);
        assert_ne!(name_by_inputs(&plan(), &shared).await.unwrap().unwrap().to_string(), first);
        record(&built, "sha256:0", &shared).await.unwrap();
        write("one");
        assert!(record(&built, "sha256:0", &shared).await.is_err(), "now its registry is asked");
    }
}
