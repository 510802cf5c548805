//! A repository's files at one revision, for templates that live in one.

use std::path::Path;

use auth_git2::GitAuthenticator;
use git2::build::CheckoutBuilder;
use git2::{Commit, Repository};

use crate::error::{Context, Error, Result};

/// Clones `url` into the empty folder `into`, checks out `reference` (a branch, tag or commit; none: the default
/// branch) and gives the commit's id. Keys come from the agent, the user's files or git's credential helpers; nothing
/// is asked on the terminal.
///
/// # Errors
/// The repository can't be reached or read; there is no such reference (exit code 2).
pub fn clone(url: &str, reference: Option<&str>, into: &Path) -> Result<String> {
    let authenticator = GitAuthenticator::default().try_password_prompt(0).prompt_ssh_key_password(false);
    let repository =
        authenticator.clone_repo(url, into).failed(|| format!("could not clone {}", without_password(url)))?;
    let commit = match reference {
        None => repository.head().and_then(|head| head.peel_to_commit()),
        Some(name) => find(&repository, name),
    };
    let commit = commit.map_err(|e| {
        let wanted = reference.unwrap_or("HEAD");
        Error::usage(format!("{} has no revision `{wanted}`", without_password(url))).cause(e.message())
    })?;
    check_out(&repository, &commit).failed(|| format!("could not check out {}", commit.id()))?;
    Ok(commit.id().to_string())
}

fn find<'a>(repository: &'a Repository, name: &str) -> Result<Commit<'a>, git2::Error> {
    let branch = repository.revparse_single(&format!("refs/remotes/origin/{name}"));
    branch.or_else(|_| repository.revparse_single(name))?.peel_to_commit()
}

fn check_out(repository: &Repository, commit: &Commit<'_>) -> Result<(), git2::Error> {
    repository.checkout_tree(commit.as_object(), Some(CheckoutBuilder::new().force()))?;
    repository.set_head_detached(commit.id())
}

/// A URL as it may be shown: what stands between `//` and `@` may be a password.
fn without_password(url: &str) -> String {
    match (url.find("://"), url.rfind('@')) {
        (Some(scheme), Some(at)) if at > scheme => format!("{}://{}", &url[..scheme], &url[at + 1..]),
        _ => url.to_owned(),
    }
}
