//! The layer that holds a service's binary: the same bytes for the same binary, wherever and whenever it is made. Packing
//! takes longer than all else about an image that has not changed, so the last one is kept beside the binary.

use std::io::Write;
use std::path::Path;

use flate2::{Compression, GzBuilder};
use tar::{Builder, EntryType, Header};

use crate::error::{Context, Result};
use crate::registry::{Blob, digest};

const LAYER: &str = "application/vnd.oci.image.layer.v1.tar+gzip";

/// Whatever packs otherwise is another version: digests must not depend on what was built before.
const MADE_BY: &str = concat!("msvc ", env!("CARGO_PKG_VERSION"));

/// A layer and what it is called.
pub(super) struct Layer {
    /// It, packed.
    pub bytes: Vec<u8>,
    /// What registries call it.
    pub blob: Blob,
    /// What a configuration calls it: the digest of what was packed.
    pub diff: String,
    /// The binary in it.
    pub binary: Vec<u8>,
    /// Bytes when unpacked.
    pub size: u64,
}

/// Puts `binary` at `path`, with all times at `time` (seconds of Unix). The packed layer is kept in the file `kept`.
///
/// # Errors
/// Never in practice: memory is written to.
pub(super) fn of(path: &str, binary: Vec<u8>, time: u64, kept: &Path) -> Result<Layer> {
    let plain = archive(path, &binary, time).failed(what)?;
    let diff = digest(&plain);
    let bytes = if let Some(bytes) = read(kept, &diff) {
        bytes
    } else {
        let bytes = pack(&plain).failed(what)?;
        keep(kept, &diff, &bytes);
        bytes
    };
    let size = binary.len() as u64;
    Ok(Layer { blob: Blob::of(LAYER, &bytes), bytes, diff, binary, size })
}

fn what() -> &'static str {
    "could not write the layer"
}

fn archive(path: &str, binary: &[u8], time: u64) -> std::io::Result<Vec<u8>> {
    let mut archive = Builder::new(Vec::with_capacity(binary.len() + 8192));
    let inner = path.trim_start_matches('/');
    let ends = inner.match_indices('/').map(|(end, _)| &inner[..=end]);
    for folder in ends {
        archive.append_data(&mut header(EntryType::Directory, 0o755, 0, time), folder, &[][..])?;
    }
    archive.append_data(&mut header(EntryType::Regular, 0o755, binary.len() as u64, time), inner, binary)?;
    archive.into_inner()
}

fn pack(plain: &[u8]) -> std::io::Result<Vec<u8>> {
    // No name and no time in the head.
    let mut packed = GzBuilder::new().mtime(0).write(Vec::new(), Compression::new(6));
    packed.write_all(plain)?;
    packed.finish()
}

/// What was kept of the layer `diff`: a line with its digest and that of what follows, the packed layer.
fn read(kept: &Path, diff: &str) -> Option<Vec<u8>> {
    let mut bytes = std::fs::read(kept).ok()?;
    let end = bytes.iter().position(|byte| *byte == b'\n')?;
    let packed = bytes.split_off(end + 1);
    (bytes == line(diff, &packed).as_bytes()).then_some(packed)
}

/// Written beside its place first. Where it can't be kept, the next build packs again.
fn keep(kept: &Path, diff: &str, packed: &[u8]) {
    let write = || {
        let mut new = tempfile::NamedTempFile::new_in(kept.parent()?).ok()?;
        new.write_all(line(diff, packed).as_bytes()).and_then(|()| new.write_all(packed)).ok()?;
        new.persist(kept).ok()
    };
    write();
}

fn line(diff: &str, packed: &[u8]) -> String {
    format!("{MADE_BY} {diff} {}\n", digest(packed))
}

fn header(kind: EntryType, mode: u32, size: u64, time: u64) -> Header {
    let mut header = Header::new_ustar();
    header.set_entry_type(kind);
    header.set_mode(mode);
    header.set_size(size);
    header.set_mtime(time);
    header.set_uid(0);
    header.set_gid(0);
    header
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::{Layer, of};

    const TIME: u64 = 1_700_000_000;

    fn layer(kept: &std::path::Path) -> Layer {
        of("/usr/local/bin/orders", b"ELF".to_vec(), TIME, kept).unwrap()
    }

    #[test]
    fn the_binary_lies_in_its_folders_and_equal_input_gives_equal_bytes() {
        let dir = tempfile::tempdir().unwrap();
        let layer = layer(&dir.path().join("kept"));
        assert_eq!(layer.bytes, self::layer(&dir.path().join("other")).bytes);
        let mut plain = Vec::new();
        flate2::read::GzDecoder::new(&layer.bytes[..]).read_to_end(&mut plain).unwrap();
        let mut archive = tar::Archive::new(&plain[..]);
        let entries = archive.entries().unwrap().map(|entry| {
            let entry = entry.unwrap();
            let path = entry.path().unwrap().display().to_string();
            (path, entry.header().mode().unwrap(), entry.header().mtime().unwrap())
        });
        let dir = |path: &str| (path.to_owned(), 0o755, TIME);
        assert_eq!(
            entries.collect::<Vec<_>>(),
            [dir("usr/"), dir("usr/local/"), dir("usr/local/bin/"), dir("usr/local/bin/orders")]
        );
    }

    #[test]
    fn what_was_kept_is_taken_only_as_it_was_written_and_for_the_same_binary() {
        let dir = tempfile::tempdir().unwrap();
        let kept = dir.path().join("kept");
        let first = layer(&kept);
        let written = std::fs::read(&kept).unwrap();
        assert!(written.ends_with(&first.bytes));
        assert_eq!(layer(&kept).bytes, first.bytes);
        for broken in [&written[..written.len() - 1], b"", b"\n"] {
            std::fs::write(&kept, broken).unwrap();
            assert_eq!(layer(&kept).bytes, first.bytes);
            assert_eq!(std::fs::read(&kept).unwrap(), written, "it is mended");
        }
        let other = of("/usr/local/bin/orders", b"other".to_vec(), TIME, &kept).unwrap();
        assert_ne!(other.bytes, first.bytes);
        assert_eq!(layer(&dir.path().join("no folder/kept")).bytes, first.bytes, "it works without");
    }
}
