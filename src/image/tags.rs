//! The tag of an image, from what it is made of.

use std::path::Path;

use crate::error::{Context, Result};
use crate::git::{self, Revision};

/// Longest tag that registries take.
const LONGEST: usize = 128;

/// The tag of what lies in `dir`:
///
/// | the folder | tag |
/// | --- | --- |
/// | stands at a git tag | the tag: `v1.2.0` (of several, the highest version) |
/// | stands at another commit | the commit's first 12 digits: `4f9c01d2ab34` |
/// | has uncommitted changes | either of these and a hash of the changed files' content: `v1.2.0-77ab12cd90ef` |
/// | is not under git | version of Cargo.toml and a hash of all content: `0.1.0-77ab12cd90ef` |
///
/// In a part of a repository, only changes below `dir` count. Files that .gitignore names never do.
/// Characters that tags can't have become `-`.
///
/// # Errors
/// The repository or a file can't be read.
pub fn tag_for(dir: &Path) -> Result<String> {
    Ok(tag(&Source::of(dir)?))
}

/// What is known of the source of an image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Source {
    /// Under git.
    Git(Revision),
    /// Not under git: version and content hash.
    Plain {
        /// From Cargo.toml.
        version: String,
        /// Of all files.
        content: String,
    },
}

impl Source {
    pub(super) fn of(dir: &Path) -> Result<Self> {
        match git::describe(dir)? {
            Some(revision) => Ok(Self::Git(revision)),
            None => Ok(Self::Plain { version: version(dir)?, content: git::content_hash(dir)? }),
        }
    }

    /// When it was committed, in seconds of Unix.
    pub(super) fn time(&self) -> Option<u64> {
        match self {
            Self::Git(revision) => revision.time.try_into().ok(),
            Self::Plain { .. } => None,
        }
    }
}

pub(super) fn tag(source: &Source) -> String {
    match source {
        Source::Git(revision) => {
            let base = clean(revision.tag.as_deref().unwrap_or(&revision.short));
            match &revision.dirty {
                Some(dirty) => format!("{}-{dirty}", shorten(&base, LONGEST - dirty.len() - 1)),
                None => shorten(&base, LONGEST).to_owned(),
            }
        }
        Source::Plain { version, content } => {
            format!("{}-{content}", shorten(&clean(version), LONGEST - content.len() - 1))
        }
    }
}

/// Whether it is the tag of a release, such as `v1.2.0`: what has that name once, keeps it. A hash behind it says that it
/// was made of something else.
pub(super) fn is_release(tag: &str) -> bool {
    let version = tag.rsplit('-').find(|part| part.contains('.')).unwrap_or(tag);
    let numbers = version.strip_prefix('v').unwrap_or(version);
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    numbers.split('.').count() >= 2 && numbers.split('.').all(is_number) && tag.ends_with(version)
}

/// With the characters that tags can have: letters, digits, `_`, `.`, `-`, the last two not in front.
fn clean(text: &str) -> String {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-');
    let text: String = text.chars().map(|c| if fits(c) { c } else { '-' }).collect();
    text.trim_start_matches(['.', '-']).to_owned()
}

fn shorten(text: &str, most: usize) -> &str {
    text.get(..most).unwrap_or(text)
}

/// The version in the Cargo.toml of `dir`: of its package, or of its workspace's packages.
fn version(dir: &Path) -> Result<String> {
    let file = dir.join("Cargo.toml");
    match std::fs::read_to_string(&file) {
        Ok(text) => Ok(version_in(&text).unwrap_or_else(|| "0.0.0".to_owned())),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok("0.0.0".to_owned()),
        Err(e) => Err(e).failed(|| format!("could not read {}", file.display())),
    }
}

fn version_in(manifest: &str) -> Option<String> {
    let mut section = "";
    let mut found = None;
    for line in manifest.lines().map(str::trim) {
        if line.starts_with('[') {
            section = line;
        } else if matches!(section, "[package]" | "[workspace.package]")
            && let Some((key, value)) = line.split_once('=')
            && key.trim() == "version"
            && let Some(version) = value.trim().trim_start_matches('"').split('"').next()
            && value.trim().starts_with('"')
        {
            // The package's own comes before the workspace's.
            if section == "[package]" {
                return Some(version.to_owned());
            }
            found = Some(version.to_owned());
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{Source, is_release, tag, version_in};
    use crate::git::Revision;

    fn revision(tag: Option<&str>, dirty: Option<&str>) -> Source {
        Source::Git(Revision {
            commit: "4f9c01d2ab34".repeat(4)[..40].to_owned(),
            short: "4f9c01d2ab34".to_owned(),
            time: 0,
            tag: tag.map(str::to_owned),
            dirty: dirty.map(str::to_owned),
            remote: None,
        })
    }

    #[test]
    fn tags_say_what_an_image_is_made_of() {
        assert_eq!(tag(&revision(None, None)), "4f9c01d2ab34");
        assert_eq!(tag(&revision(None, Some("77ab12cd90ef"))), "4f9c01d2ab34-77ab12cd90ef");
        assert_eq!(tag(&revision(Some("v1.2.0"), None)), "v1.2.0");
        assert_eq!(
            tag(&revision(Some("orders/v1.2.0+linux"), Some("77ab12cd90ef"))),
            "orders-v1.2.0-linux-77ab12cd90ef"
        );
        assert_eq!(tag(&revision(Some(&"x".repeat(200)), Some("77ab12cd90ef"))).len(), 128);
        let plain = Source::Plain { version: "0.1.0".to_owned(), content: "77ab12cd90ef".to_owned() };
        assert_eq!(tag(&plain), "0.1.0-77ab12cd90ef");
    }

    #[test]
    fn releases_are_told_from_all_else() {
        for release in ["v1.2.0", "1.2", "orders-v1.2.0", "10.0.11"] {
            assert!(is_release(release), "{release}");
        }
        for other in ["latest", "4f9c01d2ab34", "v1.2.0-77ab12cd90ef", "0.1.0-77ab12cd90ef", "v1", "v1.x", "a.b"] {
            assert!(!is_release(other), "{other}");
        }
    }

    #[test]
    fn the_version_is_the_packages_or_the_workspaces() {
        let own = "[workspace.package]\nversion = \"9.0.0\"\n[package]\nname = \"a\"\nversion = \"1.2.3\" # now\n";
        assert_eq!(version_in(own).as_deref(), Some("1.2.3"));
        let inherited = "[package]\nversion.workspace = true\n[workspace.package]\nversion = \"2.0.0\"\n";
        assert_eq!(version_in(inherited).as_deref(), Some("2.0.0"));
        let dependency = "[package]\nname = \"a\"\n[dependencies.b]\nversion = \"3.0.0\"\n";
        assert_eq!(version_in(dependency), None);
    }
}
