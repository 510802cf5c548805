//! The packages of a workspace, and which of them each is made of.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use cargo_metadata::{DependencyKind, MetadataCommand};

use crate::error::{Context, Result};

/// A package of a workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Its folder.
    pub dir: PathBuf,
    /// The folders of packages that it uses, tests aside.
    pub uses: Vec<PathBuf>,
}

/// The packages of the workspace in `root`.
///
/// # Errors
/// There is no cargo, or a manifest is none.
pub fn members(root: &Path) -> Result<Vec<Member>> {
    let metadata = MetadataCommand::new()
        .cargo_path("cargo")
        .current_dir(root)
        .no_deps()
        .other_options(["--offline".to_owned()])
        .env_remove("RUSTUP_TOOLCHAIN")
        .exec()
        .failed(|| "cargo could not tell which packages there are")?;
    let member = |package: cargo_metadata::Package| {
        let uses = package.dependencies.iter().filter(|d| d.kind != DependencyKind::Development);
        Member {
            uses: uses.filter_map(|d| d.path.clone()).map(PathBuf::from).collect(),
            dir: package.manifest_path.parent().map(PathBuf::from).unwrap_or_default(),
        }
    };
    Ok(metadata.packages.into_iter().map(member).collect())
}

/// The folders of those packages that the one in `dir` does not depend on.
#[must_use]
pub fn foreign_to(dir: &Path, members: &[Member]) -> Vec<PathBuf> {
    let mut needed = BTreeSet::from([dir]);
    let mut waiting = vec![dir];
    while let Some(next) = waiting.pop() {
        let used = members.iter().filter(|member| member.dir == next).flat_map(|member| &member.uses);
        waiting.extend(used.map(PathBuf::as_path).filter(|used| needed.insert(used)));
    }
    members.iter().map(|member| &member.dir).filter(|dir| !needed.contains(dir.as_path())).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::{Member, foreign_to};

    #[test]
    fn what_a_package_does_not_lead_to_is_foreign_to_it() {
        let member = |dir: &str, uses: &[&str]| Member { dir: dir.into(), uses: uses.iter().map(Into::into).collect() };
        let members = [
            member("/s/services/orders", &["/s/crates/users-client"]),
            member("/s/services/users", &["/s/crates/chassis"]),
            member("/s/crates/users-client", &["/s/crates/chassis"]),
            member("/s/crates/chassis", &[]),
            member("/s/crates/orders-client", &["/s/crates/chassis"]),
        ];
        let foreign = foreign_to("/s/services/orders".as_ref(), &members);
        assert_eq!(foreign, ["/s/services/users", "/s/crates/orders-client"].map(std::path::PathBuf::from));
    }
}
