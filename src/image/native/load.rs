//! An image as an archive for an engine, in the form that every version of Docker reads.

use serde_json::json;
use tar::{Builder, Header};

use crate::error::{Context, Result};
use crate::registry::{Blob, Reference};

/// The archive of one image under its names; `bytes` are those of `layers`.
///
/// # Errors
/// Never in practice: memory is written to.
pub(super) fn archive(
    names: &[Reference],
    (config, text): &(Blob, Vec<u8>),
    layers: &[Blob],
    bytes: &[&[u8]],
) -> Result<Vec<u8>> {
    let file = |blob: &Blob, end: &str| format!("{}{end}", blob.digest.trim_start_matches("sha256:"));
    let names: Vec<String> = names.iter().map(ToString::to_string).collect();
    let files: Vec<String> = layers.iter().map(|blob| file(blob, ".tar")).collect();
    let index = json!([{ "Config": file(config, ".json"), "RepoTags": names, "Layers": files }]).to_string();
    let mut archive = Builder::new(Vec::new());
    let mut add = |path: &str, bytes: &[u8]| {
        let mut header = Header::new_ustar();
        header.set_mode(0o644);
        header.set_size(bytes.len() as u64);
        archive.append_data(&mut header, path, bytes).failed(|| "could not write the image's archive")
    };
    for (path, bytes) in files.iter().zip(bytes) {
        add(path, bytes)?;
    }
    add(&file(config, ".json"), text)?;
    add("manifest.json", index.as_bytes())?;
    archive.into_inner().failed(|| "could not write the image's archive")
}
