//! The revision that a folder stands at: commit, tag, and what is not committed yet.

use std::cmp::Ordering;
use std::path::Path;

use git2::{ErrorCode, Oid, Repository};

use super::{SHORT, content, remote};
use crate::error::{Context, Result};

/// The revision that a folder stands at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revision {
    /// The commit, in 40 hex digits.
    pub commit: String,
    /// Its first 12 digits.
    pub short: String,
    /// When it was committed, in seconds since 1970.
    pub time: i64,
    /// The tag on exactly this commit; of several, the highest version.
    pub tag: Option<String>,
    /// Where files below the folder differ from the commit: a hash of their content, in 12 hex digits.
    pub dirty: Option<String>,
    /// Where the source is published: the remote `origin`, without credentials.
    pub remote: Option<String>,
}

/// The revision of `dir`. Where it is a part of a repository, only files below it count as differences.
/// `None` where git has nothing to say: no repository, no commit, or a folder that .gitignore names.
///
/// # Errors
/// The repository, or a changed file, can't be read.
pub fn describe(dir: &Path) -> Result<Option<Revision>> {
    let what = || format!("could not read the git repository of {}", dir.display());
    let repository = match Repository::discover(dir) {
        Ok(repository) => repository,
        Err(e) if e.code() == ErrorCode::NotFound => return Ok(None),
        Err(e) => return Err(e).failed(what),
    };
    let Some(root) = repository.workdir().map(Path::to_owned) else { return Ok(None) };
    let dir = dir.canonicalize().failed(what)?;
    let root = root.canonicalize().failed(what)?;
    let Ok(prefix) = dir.strip_prefix(&root) else { return Ok(None) };
    if !prefix.as_os_str().is_empty() && repository.is_path_ignored(prefix).failed(what)? {
        return Ok(None);
    }
    let commit = match repository.head() {
        Ok(head) => head.peel_to_commit().failed(what)?,
        Err(e) if matches!(e.code(), ErrorCode::UnbornBranch | ErrorCode::NotFound) => return Ok(None),
        Err(e) => return Err(e).failed(what),
    };
    let changed = content::changed_files(&repository, prefix).failed(what)?;
    let dirty = if changed.is_empty() { None } else { Some(content::hash(&root, &changed).failed(what)?) };
    let id = commit.id().to_string();
    Ok(Some(Revision {
        short: id[..SHORT].to_owned(),
        commit: id,
        time: commit.time().seconds(),
        tag: tag_on(&repository, commit.id()).failed(what)?,
        dirty,
        remote: repository.find_remote("origin").ok().and_then(|r| r.url().ok().and_then(remote::public_url)),
    }))
}

fn tag_on(repository: &Repository, commit: Oid) -> Result<Option<String>, git2::Error> {
    let mut tags = Vec::new();
    for reference in repository.references_glob("refs/tags/*")? {
        let reference = reference?;
        let Some(name) = reference.name().ok().and_then(|n| n.strip_prefix("refs/tags/")).map(str::to_owned) else {
            continue;
        };
        if reference.peel_to_commit().is_ok_and(|c| c.id() == commit) {
            tags.push(name);
        }
    }
    Ok(tags.into_iter().max_by(|a, b| by_version(a, b)))
}

/// Numbers count as numbers, so that v1.10 is above v1.9, and a release is above its candidates.
fn by_version(a: &str, b: &str) -> Ordering {
    let (release_a, rest_a) = a.split_once('-').map_or((a, None), |(r, rest)| (r, Some(rest)));
    let (release_b, rest_b) = b.split_once('-').map_or((b, None), |(r, rest)| (r, Some(rest)));
    natural(release_a, release_b).then_with(|| match (rest_a, rest_b) {
        (None, Some(_)) => Ordering::Greater,
        (Some(_), None) => Ordering::Less,
        (Some(a), Some(b)) => natural(a, b),
        (None, None) => Ordering::Equal,
    })
}

fn natural(a: &str, b: &str) -> Ordering {
    let key = |text: &str| -> Vec<(Option<u64>, String)> {
        let mut parts: Vec<String> = Vec::new();
        for c in text.chars() {
            match parts.last_mut() {
                Some(last) if last.ends_with(|l: char| l.is_ascii_digit()) == c.is_ascii_digit() => last.push(c),
                _ => parts.push(c.to_string()),
            }
        }
        parts.into_iter().map(|part| (part.parse().ok(), part)).collect()
    };
    key(a).cmp(&key(b))
}

#[cfg(test)]
mod tests {
    use super::by_version;

    #[test]
    fn the_highest_version_wins() {
        let mut tags = vec!["v1.9.0", "v1.10.0-rc.2", "nightly", "v1.10.0", "v1.10.0-rc.10"];
        tags.sort_by(|a, b| by_version(a, b));
        assert_eq!(tags, ["nightly", "v1.9.0", "v1.10.0-rc.2", "v1.10.0-rc.10", "v1.10.0"]);
    }
}
