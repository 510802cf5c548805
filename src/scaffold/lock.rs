//! Provenance, in `.msvc/`: which template made a project, with which answers, and what it rendered. The pristine
//! render is the merge base of a later update, whatever msvc is installed then.

use std::io::Write;

use flate2::{Compression, GzBuilder};
use serde::{Deserialize, Serialize};

use super::answers::Answers;
use super::source::Source;
use super::tree::{Entry, Tree};
use crate::error::{Context, Result};

/// The provenance file.
pub const LOCK: &str = ".msvc/lock.yaml";
/// The pristine render: a deterministic archive.
pub const BASE: &str = ".msvc/base.tar.gz";

/// Which template made a project.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lock {
    /// The template, as it was named.
    pub template: String,
    /// The commit it was read at, if it came from a repository.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
    /// Its version.
    pub version: String,
    /// The answers it was rendered with.
    pub answers: Answers,
}

/// Adds the provenance of `source` and `answers` to what they rendered.
///
/// # Errors
/// It can't be represented or packed.
pub fn add(files: &mut Tree, source: &Source, answers: &Answers) -> Result<()> {
    let lock = Lock {
        template: source.origin.clone(),
        commit: source.commit.clone(),
        version: source.manifest.version.clone(),
        answers: answers.clone(),
    };
    let text = serde_saphyr::to_string(&lock).failed(|| "could not write the provenance")?;
    let base = archive(files).failed(|| "could not pack the pristine render")?;
    files.insert(LOCK.to_owned(), Entry { bytes: text.into_bytes(), executable: false });
    files.insert(BASE.to_owned(), Entry { bytes: base, executable: false });
    Ok(())
}

/// The same files give the same bytes: sorted, without times or owners.
fn archive(files: &Tree) -> std::io::Result<Vec<u8>> {
    // The best compression would take a third of the time of `msvc new`, to save one byte in seven.
    let gzip = GzBuilder::new().mtime(0).write(Vec::new(), Compression::fast());
    let mut tar = tar::Builder::new(gzip);
    for (path, entry) in files.iter() {
        let mut header = tar::Header::new_ustar();
        header.set_size(entry.bytes.len() as u64);
        header.set_mode(if entry.executable { 0o755 } else { 0o644 });
        header.set_mtime(0);
        header.set_uid(0);
        header.set_gid(0);
        tar.append_data(&mut header, path, entry.bytes.as_slice())?;
    }
    let mut gzip = tar.into_inner()?;
    gzip.flush()?;
    gzip.finish()
}
