//! The image that a service's binary is laid upon, and whether the binary runs there.

use std::collections::BTreeSet;
use std::io::Read;

use flate2::read::GzDecoder;
use tar::Archive;

use super::binary::{self, Binary, Glibc};
use crate::error::{Context, Error, Result};

/// A base's files, as far as a binary depends on them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct System {
    /// Names of all files that are libraries, without their folders.
    libraries: BTreeSet<String>,
    /// The C library's version.
    glibc: Option<Glibc>,
    /// Bytes of all files.
    pub size: u64,
}

impl System {
    /// Adds what a layer, plain or packed by gzip, holds.
    ///
    /// # Errors
    /// It is no archive, or its libc.so.6 is broken.
    pub(super) fn add(&mut self, layer: &[u8]) -> Result<()> {
        if layer.starts_with(&[0x1f, 0x8b]) { self.read(GzDecoder::new(layer)) } else { self.read(layer) }
    }

    fn read(&mut self, layer: impl Read) -> Result<()> {
        let what = || "a layer of the base can't be read";
        let mut archive = Archive::new(layer);
        for entry in archive.entries().failed(what)? {
            let mut entry = entry.failed(what)?;
            self.size += entry.size();
            let path = entry.path().failed(what)?.into_owned();
            let Some(name) = path.file_name().and_then(|name| name.to_str()) else { continue };
            if !name.contains(".so") {
                continue;
            }
            if name == "libc.so.6" && entry.header().entry_type().is_file() {
                let mut bytes = Vec::new();
                entry.read_to_end(&mut bytes).failed(what)?;
                self.glibc = self.glibc.max(binary::glibc_of(&bytes)?);
            }
            self.libraries.insert(name.to_owned());
        }
        Ok(())
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
