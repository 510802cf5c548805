//! Which files git passes over.

use std::path::{Path, PathBuf};

use git2::Repository;
use tempfile::TempDir;

use crate::error::{Context, Result};

/// What the .gitignore files of a folder name. No repository is needed.
pub struct Ignores {
    repository: Repository,
    root: PathBuf,
    _beside: Option<TempDir>,
}

impl Ignores {
    /// Of `dir` and all below it.
    ///
    /// # Errors
    /// There is neither a repository around it nor room for an empty one.
    pub fn of(dir: &Path) -> Result<Self> {
        let what = || format!("could not look for what git ignores in {}", dir.display());
        let dir = dir.canonicalize().failed(what)?;
        if let Ok(repository) = Repository::discover(&dir)
            && let Some(root) = repository.workdir().and_then(|root| root.canonicalize().ok())
        {
            return Ok(Self { repository, root, _beside: None });
        }
        let beside = tempfile::tempdir().failed(what)?;
        let repository = Repository::init_bare(beside.path()).failed(what)?;
        repository.set_workdir(&dir, false).failed(what)?;
        Ok(Self { repository, root: dir, _beside: Some(beside) })
    }

    /// Whether git would pass over `path`: ignored, or its own.
    #[must_use]
    pub fn ignores(&self, path: &Path) -> bool {
        let Ok(path) = path.strip_prefix(&self.root) else { return false };
        let own = path.components().any(|part| part.as_os_str() == ".git");
        own || (!path.as_os_str().is_empty() && self.repository.is_path_ignored(path).unwrap_or(false))
    }
}

#[cfg(test)]
mod tests {
    use super::Ignores;

    #[test]
    fn with_and_without_a_repository_it_is_what_gitignore_names() {
        for repository in [false, true] {
            let dir = tempfile::tempdir().unwrap();
            if repository {
                git2::Repository::init(dir.path()).unwrap();
            }
            std::fs::create_dir_all(dir.path().join("services/users/data")).unwrap();
            std::fs::write(dir.path().join(".gitignore"), "/target\n/services/*/data\n").unwrap();
            let ignores = Ignores::of(dir.path()).unwrap();
            let root = dir.path().canonicalize().unwrap();
            for (path, ignored) in [
                ("target/debug/users", true),
                ("services/users/data", true),
                ("services/users/data/users.db-wal", true),
                ("services/users/src/main.rs", false),
                (".git/index", true),
                ("", false),
            ] {
                assert_eq!(ignores.ignores(&root.join(path)), ignored, "{path}");
            }
        }
    }
}
