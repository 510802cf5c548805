//! Files in memory, by their path with `/`, in the order of their paths.

use std::collections::BTreeMap;
use std::ops::{Deref, DerefMut};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use crate::error::{Context, Error, Result};

/// One file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What it holds.
    pub bytes: Vec<u8>,
    /// Whether it can be run.
    pub executable: bool,
}

impl Entry {
    /// A file that can be run if it starts with `#!`: embedded files carry no modes.
    #[must_use]
    pub fn file(bytes: &[u8]) -> Self {
        Self { bytes: bytes.to_vec(), executable: bytes.starts_with(b"#!") }
    }
}

/// Files by path.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tree(BTreeMap<String, Entry>);

impl Tree {
    /// All files below `folder`, except what git keeps for itself.
    ///
    /// # Errors
    /// A file that can't be read, or whose name is not UTF-8.
    pub fn read(folder: &Path) -> Result<Self> {
        let mut tree = Self::default();
        tree.read_below(folder, "")?;
        Ok(tree)
    }

    fn read_below(&mut self, folder: &Path, prefix: &str) -> Result<()> {
        let unreadable = || format!("could not read {}", folder.display());
        for entry in std::fs::read_dir(folder).invalid(unreadable)? {
            let entry = entry.invalid(unreadable)?;
            let name = entry.file_name();
            let Some(name) = name.to_str() else {
                return Err(Error::invalid(format!("{} has a name that is not UTF-8", entry.path().display())));
            };
            let path = format!("{prefix}{name}");
            let kind = entry.file_type().invalid(unreadable)?;
            if kind.is_dir() {
                if name != ".git" {
                    self.read_below(&entry.path(), &format!("{path}/"))?;
                }
            } else if kind.is_file() {
                let bytes =
                    std::fs::read(entry.path()).invalid(|| format!("could not read {}", entry.path().display()))?;
                let mode = entry.metadata().invalid(unreadable)?.permissions().mode();
                self.insert(path, Entry { bytes, executable: mode & 0o111 != 0 });
            } else {
                // A link could lead out of the template.
                return Err(Error::invalid(format!("{} is neither a file nor a folder", entry.path().display())));
            }
        }
        Ok(())
    }
}

impl Deref for Tree {
    type Target = BTreeMap<String, Entry>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl DerefMut for Tree {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.0
    }
}

impl IntoIterator for Tree {
    type Item = (String, Entry);
    type IntoIter = std::collections::btree_map::IntoIter<String, Entry>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}
