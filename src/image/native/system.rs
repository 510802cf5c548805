//! What a base gives to a binary that is laid upon it, and whether the binary runs there.

use std::collections::BTreeSet;
use std::io::Read;

use flate2::read::GzDecoder;
use serde::{Deserialize, Serialize};
use tar::Archive;

use super::binary::{self, Binary, Glibc};
use crate::error::{Context, Error, Result};

/// Largest C library that is read, in bytes: real ones have some two million.
const LARGEST_LIBC: u64 = 64 << 20;
/// How far a layer is unpacked, in bytes: what is packed may be next to nothing.
const LARGEST_UNPACKED: u64 = 8 << 30;

/// A base's files, as far as a binary depends on them. Nothing of it is written to the disk, whatever its paths are.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct System {
    /// Names of all files that are libraries, without their folders.
    libraries: BTreeSet<String>,
    /// The C library's version.
    glibc: Option<Glibc>,
    /// Bytes of all files.
    pub size: u64,
}

impl System {
    /// What a layer, plain or packed by gzip, holds.
    ///
    /// # Errors
    /// It is no archive, is larger than any layer, or its libc.so.6 is broken.
    pub(super) fn of(layer: &[u8]) -> Result<Self> {
        let plain: Box<dyn Read> =
            if layer.starts_with(&[0x1f, 0x8b]) { Box::new(GzDecoder::new(layer)) } else { Box::new(layer) };
        Self::read(plain.take(LARGEST_UNPACKED))
    }

    fn read(layer: impl Read) -> Result<Self> {
        let what = || "a layer of the base can't be read";
        let mut system = Self::default();
        let mut archive = Archive::new(layer);
        for entry in archive.entries().failed(what)? {
            let mut entry = entry.failed(what)?;
            system.size = system.size.saturating_add(entry.size());
            let path = entry.path().failed(what)?.into_owned();
            let Some(name) = path.file_name().and_then(|name| name.to_str()) else { continue };
            if !name.contains(".so") {
                continue;
            }
            if name == "libc.so.6" && entry.header().entry_type().is_file() {
                if entry.size() > LARGEST_LIBC {
                    return Err(Error::failed(what()).cause(format!("its {name} has {} bytes", entry.size())));
                }
                let mut bytes = Vec::new();
                entry.read_to_end(&mut bytes).failed(what)?;
                system.glibc = system.glibc.max(binary::glibc_of(&bytes)?);
            }
            system.libraries.insert(name.to_owned());
        }
        Ok(system)
    }

    /// Adds what another layer holds.
    pub(super) fn add(&mut self, layer: Self) {
        self.libraries.extend(layer.libraries);
        self.glibc = self.glibc.max(layer.glibc);
        self.size = self.size.saturating_add(layer.size);
    }
}

/// Refuses a binary that would not start on its base.
///
/// # Errors
/// Another processor, a newer glibc or a library that the base lacks, with what can be done about it.
pub(super) fn check(service: &str, binary: &Binary, base: &str, architecture: &str, system: &System) -> Result<()> {
    let refuse = |why: String| Error::failed(format!("{service} would not start on its base {base}")).cause(why);
    let docker = "`--builder docker` builds it in the Dockerfile's own system";
    if binary.architecture != Some(architecture) {
        let built = binary.architecture.unwrap_or("another processor");
        return Err(refuse(format!("it is built for {built}, the base is for {architecture}"))
            .hint(format!("cargo must build for it (`build.target` in .cargo/config.toml); {docker}")));
    }
    if binary.loader.is_none() {
        return Ok(());
    }
    let linked = "RUSTFLAGS='-C target-feature=+crt-static' links it statically";
    if binary.glibc > system.glibc {
        let name =
            |version: Option<Glibc>| version.map_or("none".to_owned(), |(major, minor)| format!("{major}.{minor}"));
        return Err(refuse(format!("it needs glibc {}, the base has {}", name(binary.glibc), name(system.glibc)))
            .hint(format!("{docker}; {linked}; or `image: {{ base: .. }}` in msvc.yaml names a newer one")));
    }
    let missing: Vec<&str> =
        binary.libraries.iter().map(String::as_str).filter(|name| !system.libraries.contains(*name)).collect();
    if !missing.is_empty() {
        return Err(refuse(format!("the base lacks {}", missing.join(", ")))
            .hint(format!("`image: {{ base: .. }}` in msvc.yaml names one that has it; {docker}")));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{Binary, System, check};

    fn binary() -> Binary {
        Binary {
            architecture: Some("amd64"),
            loader: Some("/lib64/ld-linux-x86-64.so.2".to_owned()),
            libraries: vec!["libc.so.6".to_owned(), "libgcc_s.so.1".to_owned()],
            glibc: Some((2, 34)),
        }
    }

    fn system() -> System {
        let libraries = ["libc.so.6", "libgcc_s.so.1"].map(str::to_owned).into();
        System { libraries, glibc: Some((2, 36)), size: 0 }
    }

    #[test]
    fn a_layer_that_means_harm_does_none() {
        let mut layer = tar::Builder::new(Vec::new());
        let mut add = |path: &[u8], size: u64, bytes: &[u8]| {
            let mut header = tar::Header::new_ustar();
            header.as_ustar_mut().unwrap().name[..path.len()].copy_from_slice(path);
            header.set_size(size);
            header.set_mode(0o4755);
            header.set_cksum();
            layer.append(&header, bytes).unwrap();
        };
        add(b"../../../../tmp/escaped.so", 1, b"x");
        add(b"/etc/absolute.so.1", 1, b"x");
        let plain = layer.into_inner().unwrap();
        let system = System::of(&plain).unwrap();
        assert_eq!(system.libraries.iter().collect::<Vec<_>>(), ["absolute.so.1", "escaped.so"]);
        assert!(!std::path::Path::new("/tmp/escaped.so").exists());

        // A header that says more than there is, and a C library beyond all measure.
        let mut large = tar::Header::new_gnu();
        large.set_path("lib/libc.so.6").unwrap();
        large.set_size(1 << 40);
        large.set_cksum();
        let error = System::of(large.as_bytes()).unwrap_err();
        assert!(error.causes[0].contains("1099511627776 bytes"), "{error:?}");
        assert!(System::of(b"\x1f\x8bno gzip").is_err());
    }

    #[test]
    fn a_binary_that_would_not_start_is_refused_with_the_reason() {
        let told = |binary: &Binary, architecture: &str, system: &System| {
            let refused = check("orders", binary, "acme/base:1", architecture, system);
            refused.err().map_or("runs".to_owned(), |e| e.causes.join("; "))
        };
        assert_eq!(told(&binary(), "amd64", &system()), "runs");
        assert_eq!(told(&binary(), "arm64", &system()), "it is built for amd64, the base is for arm64");
        let newer = Binary { glibc: Some((2, 41)), ..binary() };
        assert_eq!(told(&newer, "amd64", &system()), "it needs glibc 2.41, the base has 2.36");
        assert_eq!(told(&binary(), "amd64", &System::default()), "it needs glibc 2.34, the base has none");
        let more = Binary { libraries: vec!["libssl.so.3".to_owned()], ..binary() };
        assert_eq!(told(&more, "amd64", &system()), "the base lacks libssl.so.3");
        let fixed = Binary { loader: None, libraries: Vec::new(), glibc: None, ..binary() };
        assert_eq!(told(&fixed, "amd64", &System::default()), "runs");
    }
}
