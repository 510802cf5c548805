//! The layer that holds a service's binary: the same bytes for the same binary, wherever and whenever it is made.

use std::io::Write;

use flate2::{Compression, GzBuilder};
use tar::{Builder, EntryType, Header};

use crate::error::{Context, Result};
use crate::registry::{Blob, digest};

const LAYER: &str = "application/vnd.oci.image.layer.v1.tar+gzip";

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

/// Puts `binary` at `path`, with all times at `time` (seconds of Unix).
///
/// # Errors
/// Never in practice: memory is written to.
pub(super) fn of(path: &str, binary: Vec<u8>, time: u64) -> Result<Layer> {
    let what = || "could not write the layer";
    let mut archive = Builder::new(Vec::new());
    let inner = path.trim_start_matches('/');
    let ends = inner.match_indices('/').map(|(end, _)| &inner[..=end]);
    for folder in ends {
        archive.append_data(&mut header(EntryType::Directory, 0o755, 0, time), folder, &[][..]).failed(what)?;
    }
    let mut entry = header(EntryType::Regular, 0o755, binary.len() as u64, time);
    archive.append_data(&mut entry, inner, &binary[..]).failed(what)?;
    let plain = archive.into_inner().failed(what)?;
    // No name and no time in the head.
    let mut packed = GzBuilder::new().mtime(0).write(Vec::new(), Compression::new(6));
    packed.write_all(&plain).failed(what)?;
    let bytes = packed.finish().failed(what)?;
    let diff = digest(&plain);
    let size = binary.len() as u64;
    Ok(Layer { blob: Blob::of(LAYER, &bytes), bytes, diff, binary, size })
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

    use super::of;

    #[test]
    fn the_binary_lies_in_its_folders_and_equal_input_gives_equal_bytes() {
        let layer = of("/usr/local/bin/orders", b"ELF".to_vec(), 1_700_000_000).unwrap();
        assert_eq!(layer.bytes, of("/usr/local/bin/orders", b"ELF".to_vec(), 1_700_000_000).unwrap().bytes);
        let mut plain = Vec::new();
        flate2::read::GzDecoder::new(&layer.bytes[..]).read_to_end(&mut plain).unwrap();
        let mut archive = tar::Archive::new(&plain[..]);
        let entries = archive.entries().unwrap().map(|entry| {
            let entry = entry.unwrap();
            let path = entry.path().unwrap().display().to_string();
            (path, entry.header().mode().unwrap(), entry.header().mtime().unwrap())
        });
        let time = 1_700_000_000;
        let dir = |path: &str| (path.to_owned(), 0o755, time);
        assert_eq!(
            entries.collect::<Vec<_>>(),
            [dir("usr/"), dir("usr/local/"), dir("usr/local/bin/"), dir("usr/local/bin/orders")]
        );
    }
}
