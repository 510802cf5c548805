//! Provenance, in `.msvc/`: which template made a project, with which answers, and what it rendered. The pristine
//! render is the merge base of a later update, whatever msvc is installed then.

use std::io::{Read, Write};
use std::path::{Component, Path};

use flate2::read::GzDecoder;
use flate2::{Compression, GzBuilder};
use serde::{Deserialize, Serialize};

use super::answers::Answers;
use super::source::Source;
use super::tree::{Entry, Tree};
use crate::error::{Context, Error, Result};
use crate::project::{FILE, yaml};

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

/// What is known of how a project came about.
#[derive(Debug)]
pub struct Provenance {
    /// Which template made it.
    pub lock: Lock,
    /// What it rendered last; msvc.yaml is as the template made it from the answers.
    pub base: Tree,
    /// The text of msvc.yaml that was last rendered from.
    pub declared: String,
}

/// In the archive: the msvc.yaml that was rendered from, where that is another than the template made.
const DECLARED: &str = ".msvc/declared.yaml";

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
    let declared = files.get(FILE).map(|entry| entry.bytes.clone()).unwrap_or_default();
    let declared = String::from_utf8_lossy(&declared).into_owned();
    let provenance = Provenance { lock, base: files.clone(), declared };
    files.extend(provenance.files()?);
    Ok(())
}

/// Reads the provenance of the project in `root`.
///
/// # Errors
/// It is missing or damaged (exit code 2, with where to find it).
pub fn read(root: &Path) -> Result<Provenance> {
    let missing = |file: &str| {
        Error::usage(format!("{file} is missing: msvc can't tell its own work from yours"))
            .hint("it belongs to the repository: `git checkout HEAD -- .msvc` brings it back where it was committed")
            .hint("a project that `msvc new` did not make can't be added to")
    };
    let read = |file: &str| match std::fs::read(root.join(file)) {
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Err(missing(file)),
        other => other.invalid(|| format!("could not read {file}")),
    };
    let text = String::from_utf8(read(LOCK)?).invalid(|| format!("{LOCK} is not text"))?;
    let lock = yaml::parse(&text, LOCK)?;
    let mut base = unpack(&read(BASE)?)
        .invalid(|| format!("{BASE} is damaged"))
        .map_err(|e| e.hint("`git checkout HEAD -- .msvc` brings it back where it was committed"))?;
    let declared = base.remove(DECLARED).or_else(|| base.get(FILE).cloned()).map(|entry| entry.bytes);
    let declared = String::from_utf8(declared.unwrap_or_default()).invalid(|| format!("{BASE} is damaged"))?;
    Ok(Provenance { lock, base, declared })
}

impl Provenance {
    /// The files in `.msvc/` that hold it.
    ///
    /// # Errors
    /// It can't be represented or packed.
    pub fn files(&self) -> Result<[(String, Entry); 2]> {
        let text = serde_saphyr::to_string(&self.lock).failed(|| "could not write the provenance")?;
        let mut base = self.base.clone();
        if base.get(FILE).is_none_or(|entry| entry.bytes != self.declared.as_bytes()) {
            base.insert(DECLARED.to_owned(), Entry::file(self.declared.as_bytes()));
        }
        let base = archive(&base).failed(|| "could not pack the pristine render")?;
        let entry = |bytes| Entry { bytes, executable: false };
        Ok([(LOCK.to_owned(), entry(text.into_bytes())), (BASE.to_owned(), entry(base))])
    }
}

fn unpack(bytes: &[u8]) -> std::io::Result<Tree> {
    let mut files = Tree::default();
    for entry in tar::Archive::new(GzDecoder::new(bytes)).entries()? {
        let mut entry = entry?;
        let path = entry.path()?.into_owned();
        let inside = path.components().all(|part| matches!(part, Component::Normal(_)));
        let (Some(path), true) = (path.to_str().map(str::to_owned), inside) else {
            return Err(std::io::Error::other(format!("{} leads out of the project", path.display())));
        };
        let executable = entry.header().mode()? & 0o111 != 0;
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes)?;
        files.insert(path, Entry { bytes, executable });
    }
    Ok(files)
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
