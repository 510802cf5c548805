//! The layers of bases, and what is known of them, kept on this machine: they are needed at each build, and never change.

use std::path::{Path, PathBuf};

use super::system::System;
use crate::error::{Context, Result};
use crate::registry::{Blob, Session, digest};

/// Raised when what is known of a layer is told otherwise.
const FORM: &str = "1";

/// A blob's bytes, from this machine or from the registry.
///
/// # Errors
/// Those of [`Session::blob`]; the cache can't be written.
pub(super) async fn blob(session: &Session, blob: &Blob) -> Result<Vec<u8>> {
    let Some(file) = file(blob, "") else { return session.blob(blob).await };
    if let Ok(bytes) = tokio::fs::read(&file).await
        && digest(&bytes) == blob.digest
    {
        return Ok(bytes);
    }
    let bytes = session.blob(blob).await?;
    keep(&file, &bytes)?;
    Ok(bytes)
}

/// What a layer holds; only one that was never seen is unpacked.
///
/// # Errors
/// As [`blob`]; it is no layer.
pub(super) async fn system(session: &Session, layer: &Blob) -> Result<System> {
    let known = file(layer, &format!(".{FORM}.json"));
    if let Some(file) = &known
        && let Ok(text) = tokio::fs::read(file).await
        && let Ok(system) = serde_json::from_slice(&text)
    {
        return Ok(system);
    }
    let system = System::of(&blob(session, layer).await?)?;
    if let (Some(file), Ok(text)) = (known, serde_json::to_vec(&system)) {
        keep(&file, &text)?;
    }
    Ok(system)
}

/// Written beside its place first: a build that is killed leaves no half of it.
fn keep(file: &Path, bytes: &[u8]) -> Result<()> {
    let what = || format!("could not keep {}", file.display());
    let folder = file.parent().unwrap_or(file);
    std::fs::create_dir_all(folder).failed(what)?;
    let mut new = tempfile::NamedTempFile::new_in(folder).failed(what)?;
    std::io::Write::write_all(&mut new, bytes).failed(what)?;
    new.persist(file).failed(what)?;
    Ok(())
}

/// By the XDG Base Directory Specification.
fn file(blob: &Blob, end: &str) -> Option<PathBuf> {
    let cache = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from).filter(|path| path.is_absolute());
    let cache = cache.or_else(|| std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".cache")));
    // A digest is checked against the bytes; as a name it must be one as well.
    let name: String = blob.digest.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    cache.map(|cache| cache.join("msvc/blobs").join(name + end))
}
