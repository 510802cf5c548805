//! Mirrors that the user has for registries: `~/.config/msvc/config.yaml`.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Deserialize;

use super::Reference;
use crate::error::{Context, Error, Result};

/// The user's settings, as far as registries are concerned.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Config {
    #[serde(default)]
    registries: BTreeMap<String, Registry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Registry {
    /// An address such as `https://mirror.example.org`, or `http://localhost:5000`.
    mirror: String,
}

/// The reference by way of its registry's mirror; `None` where it has none.
///
/// # Errors
/// The user's settings can't be read (exit code 2).
pub(super) fn by_mirror(reference: &Reference) -> Result<Option<Reference>> {
    let Some(file) = file().filter(|file| file.exists()) else { return Ok(None) };
    let what = || format!("{} is not valid", file.display());
    let text = std::fs::read_to_string(&file).invalid(what)?;
    let config: Config = serde_saphyr::from_str(&text).invalid(what)?;
    let Some(Registry { mirror }) = config.registries.get(reference.registry()) else { return Ok(None) };
    let host = mirror.strip_prefix("https://").or_else(|| mirror.strip_prefix("http://")).unwrap_or(mirror);
    let mirrored = reference.by_way_of(host.trim_end_matches('/'));
    if mirror.starts_with("http://") && !mirrored.is_local() {
        return Err(Error::invalid(what())
            .cause(format!("the mirror {mirror} would be spoken to without TLS"))
            .hint("only registries on this machine are"));
    }
    Ok(Some(mirrored))
}

/// By the XDG Base Directory Specification.
fn file() -> Option<PathBuf> {
    let config = std::env::var_os("XDG_CONFIG_HOME").map(PathBuf::from).filter(|path| path.is_absolute());
    let config = config.or_else(|| std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".config")));
    config.map(|config| config.join("msvc/config.yaml"))
}
