//! The layers of bases, kept on this machine: they are needed at each build, and never change.

use std::path::PathBuf;

use crate::error::{Context, Result};
use crate::registry::{Blob, Session, digest};

/// A blob's bytes, from this machine or from the registry.
///
/// # Errors
/// Those of [`Session::blob`]; the cache can't be written.
pub(super) async fn blob(session: &Session, blob: &Blob) -> Result<Vec<u8>> {
    let Some(file) = folder().map(|folder| folder.join(blob.digest.replace(':', "-"))) else {
        return session.blob(blob).await;
    };
    if let Ok(bytes) = tokio::fs::read(&file).await
        && digest(&bytes) == blob.digest
    {
        return Ok(bytes);
    }
    let bytes = session.blob(blob).await?;
    let what = || format!("could not keep {}", file.display());
    let folder = file.parent().unwrap_or(&file);
    std::fs::create_dir_all(folder).failed(what)?;
    let mut new = tempfile::NamedTempFile::new_in(folder).failed(what)?;
    std::io::Write::write_all(&mut new, &bytes).failed(what)?;
    new.persist(&file).failed(what)?;
    Ok(bytes)
}

/// By the XDG Base Directory Specification.
fn folder() -> Option<PathBuf> {
    let cache = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from).filter(|path| path.is_absolute());
    let cache = cache.or_else(|| std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".cache")));
    cache.map(|cache| cache.join("msvc/blobs"))
}
