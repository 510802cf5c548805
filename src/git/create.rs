//! The repository of a new project.

use std::path::Path;

use git2::{IndexAddOption, Repository, RepositoryInitOptions, Signature};

use crate::error::{Context, Result};

const FIRST_COMMIT: &str = "Start from what `msvc new` wrote";

/// Whether `dir`, which need not exist yet, lies in a repository's work tree.
#[must_use]
pub fn inside_repository(dir: &Path) -> bool {
    let existing =
        std::path::absolute(dir).ok().and_then(|dir| dir.ancestors().find(|a| a.is_dir()).map(Path::to_owned));
    existing.and_then(|dir| Repository::discover(dir).ok()).is_some_and(|repository| repository.workdir().is_some())
}

/// Makes `dir` a repository whose branch `main` holds one commit of all its files, those aside that .gitignore names.
/// The commit is the user's, as git is configured, or else msvc's own.
///
/// # Errors
/// `dir` is a repository already, or can't be written.
pub fn init(dir: &Path) -> Result<()> {
    create(dir).failed(|| format!("could not make {} a git repository", dir.display()))
}

fn create(dir: &Path) -> Result<(), git2::Error> {
    let mut options = RepositoryInitOptions::new();
    options.no_reinit(true).mkpath(true).initial_head("main");
    let repository = Repository::init_opts(dir, &options)?;
    let mut index = repository.index()?;
    index.add_all(["*"], IndexAddOption::DEFAULT, None)?;
    index.write()?;
    let tree = repository.find_tree(index.write_tree()?)?;
    let author = repository.signature().or_else(|_| Signature::now("msvc", "msvc@localhost"))?;
    repository.commit(Some("HEAD"), &author, &author, FIRST_COMMIT, &tree, &[])?;
    Ok(())
}
