//! The crates that are in a binary: those that its package leads to by dependencies at run time, as far as cargo built
//! them for it. Neither build scripts and macros nor optional crates that nobody asked for are among them.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, Node, Package, PackageId};

use crate::error::{Context, Result};

/// A crate in a binary.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Crate {
    /// Its package's name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Where it comes from.
    pub origin: Origin,
    /// Its license, as it says itself.
    pub license: Option<String>,
    /// Where its source is worked on.
    pub repository: Option<String>,
    /// The SHA-256 of what the registry gives, by the lock file.
    pub checksum: Option<String>,
    /// Which others of the list it uses, by their places.
    pub dependencies: Vec<usize>,
}

/// Where a crate comes from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Origin {
    /// From crates.io.
    CratesIo,
    /// From another registry.
    Registry,
    /// From a git repository.
    Git,
    /// From a folder.
    #[default]
    Local,
}

/// All crates that a workspace's lock file leads to, for one platform.
#[derive(Debug)]
pub struct Graph {
    packages: HashMap<PackageId, Package>,
    nodes: HashMap<PackageId, Node>,
    checksums: BTreeMap<(String, String), String>,
}

impl Graph {
    /// Asks cargo, for a target such as `x86_64-unknown-linux-gnu`.
    ///
    /// # Errors
    /// There is no cargo, or it can't read the workspace by its lock file.
    pub async fn read(root: &Path, target: &str) -> Result<Self> {
        let (root, target) = (root.to_owned(), target.to_owned());
        let what = || "cargo could not tell which crates there are";
        tokio::task::spawn_blocking(move || read(&root, &target)).await.failed(what)?.failed(what)
    }

    /// The ids of all packages with a library, macros aside: what may be in a binary that cargo built elsewhere.
    #[must_use]
    pub fn libraries(&self) -> BTreeSet<String> {
        let is_linked = |package: &&Package| package.targets.iter().any(|t| t.is_lib() || t.is_rlib());
        self.packages.values().filter(is_linked).map(|package| package.id.repr.clone()).collect()
    }

    /// The crates in the binary of the package in `dir`, its own first; `built` are the libraries that cargo built
    /// for it, among others.
    #[must_use]
    pub fn linked(&self, dir: &Path, built: &BTreeSet<String>) -> Vec<Crate> {
        let manifest = dir.join("Cargo.toml");
        let Some(root) = self.packages.values().find(|p| p.manifest_path.as_std_path() == manifest) else {
            return Vec::new();
        };
        let mut found = BTreeSet::from([&root.id]);
        let mut waiting = vec![&root.id];
        while let Some(next) = waiting.pop() {
            let new: Vec<&PackageId> = self.uses(next, built).filter(|id| !found.contains(id)).collect();
            found.extend(new.iter().copied());
            waiting.extend(new);
        }
        let mut packages: Vec<&Package> = found.iter().filter_map(|id| self.packages.get(id)).collect();
        packages.sort_by_key(|p| (p.id != root.id, p.name.as_str(), &p.version));
        let places: HashMap<&PackageId, usize> = packages.iter().enumerate().map(|(i, p)| (&p.id, i)).collect();
        packages.iter().map(|package| self.told(package, built, &places)).collect()
    }

    fn uses<'a>(&'a self, id: &PackageId, built: &'a BTreeSet<String>) -> impl Iterator<Item = &'a PackageId> {
        let deps = self.nodes.get(id).map(|node| node.deps.as_slice()).unwrap_or_default();
        let at_run_time =
            |kinds: &[cargo_metadata::DepKindInfo]| kinds.iter().any(|k| k.kind == DependencyKind::Normal);
        let linked = deps.iter().filter(move |dep| at_run_time(&dep.dep_kinds)).map(|dep| &dep.pkg);
        linked.filter(|id| built.contains(&id.repr))
    }

    fn told(&self, package: &Package, built: &BTreeSet<String>, places: &HashMap<&PackageId, usize>) -> Crate {
        let mut dependencies: Vec<usize> =
            self.uses(&package.id, built).filter_map(|id| places.get(id).copied()).collect();
        dependencies.sort_unstable();
        dependencies.dedup();
        let (name, version) = (package.name.to_string(), package.version.to_string());
        Crate {
            origin: match &package.source {
                None => Origin::Local,
                Some(source) if source.is_crates_io() => Origin::CratesIo,
                Some(source) if source.repr.starts_with("git+") => Origin::Git,
                Some(_) => Origin::Registry,
            },
            license: package.license.clone(),
            repository: package.repository.clone(),
            checksum: self.checksums.get(&(name.clone(), version.clone())).cloned(),
            dependencies,
            name,
            version,
        }
    }
}

fn read(root: &Path, target: &str) -> anyhow::Result<Graph> {
    let Metadata { packages, resolve, .. } = MetadataCommand::new()
        .cargo_path("cargo")
        .current_dir(root)
        .other_options(["--locked".to_owned(), "--filter-platform".to_owned(), target.to_owned()])
        // As for the build: the toolchain is the project's choice.
        .env_remove("RUSTUP_TOOLCHAIN")
        .exec()?;
    let lock: toml_edit::DocumentMut = std::fs::read_to_string(root.join("Cargo.lock"))?.parse()?;
    let locked = lock["package"].as_array_of_tables().into_iter().flatten();
    let checksum = |package: &toml_edit::Table| {
        let text = |key: &str| package.get(key)?.as_str().map(str::to_owned);
        Some(((text("name")?, text("version")?), text("checksum")?))
    };
    Ok(Graph {
        checksums: locked.filter_map(checksum).collect(),
        packages: packages.into_iter().map(|package| (package.id.clone(), package)).collect(),
        nodes: resolve.into_iter().flat_map(|r| r.nodes).map(|node| (node.id.clone(), node)).collect(),
    })
}
