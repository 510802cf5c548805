//! What an ELF file needs of the system on which it runs, and what a C library gives.

use object::elf::{self, FileHeader64};
use object::read::elf::{Dyn, FileHeader, ProgramHeader};
use object::{Endianness, StringTable};

use crate::error::{Context, Error, Result};

/// A version of glibc: major, minor.
pub(super) type Glibc = (u32, u32);

/// What a binary needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Binary {
    /// Its processor, by the name that images have for it; `None`: none that is known here.
    pub architecture: Option<&'static str>,
    /// The program that loads it; static binaries have none.
    pub loader: Option<String>,
    /// The files of the libraries that it loads.
    pub libraries: Vec<String>,
    /// The newest glibc of which it uses something.
    pub glibc: Option<Glibc>,
}

type Header = FileHeader64<Endianness>;

/// Reads what the ELF file `bytes` needs.
///
/// # Errors
/// It is no 64-bit ELF file, or a broken one.
pub(super) fn read(bytes: &[u8]) -> Result<Binary> {
    parse(bytes).map_err(|e| Error::failed("what cargo built is no Linux binary").cause(e.to_string()))
}

fn parse(bytes: &[u8]) -> object::read::Result<Binary> {
    let header = Header::parse(bytes)?;
    let endian = header.endian()?;
    let sections = header.sections(endian, bytes)?;
    let mut loader = None;
    for segment in header.program_headers(endian, bytes)? {
        if let Some(path) = segment.interpreter(endian, bytes)? {
            loader = Some(text(path));
        }
    }
    let mut libraries = Vec::new();
    if let Some((entries, strings)) = sections.dynamic(endian, bytes)? {
        let strings = sections.strings(endian, bytes, strings)?;
        for entry in entries.iter().filter(|entry| entry.tag(endian) == elf::DT_NEEDED) {
            libraries.push(text(entry.string(endian, strings)?));
        }
    }
    let mut glibc = None;
    if let Some((mut needs, strings)) = sections.gnu_verneed(endian, bytes)? {
        let strings = sections.strings(endian, bytes, strings)?;
        while let Some((_, mut names)) = needs.next()? {
            while let Some(name) = names.next()? {
                glibc = glibc.max(version(name.name(endian, strings)?));
            }
        }
    }
    let architecture = match header.e_machine(endian) {
        elf::EM_X86_64 => Some("amd64"),
        elf::EM_AARCH64 => Some("arm64"),
        _ => None,
    };
    Ok(Binary { architecture, loader, libraries, glibc })
}

/// The newest version that the C library `bytes` gives; `None` if it is no glibc.
///
/// # Errors
/// It is no 64-bit ELF file, or a broken one.
pub(super) fn glibc_of(bytes: &[u8]) -> Result<Option<Glibc>> {
    let found = || -> object::read::Result<_> {
        let header = Header::parse(bytes)?;
        let endian = header.endian()?;
        let sections = header.sections(endian, bytes)?;
        let Some((mut versions, strings)) = sections.gnu_verdef(endian, bytes)? else { return Ok(None) };
        let strings: StringTable = sections.strings(endian, bytes, strings)?;
        let mut newest = None;
        while let Some((_, mut names)) = versions.next()? {
            while let Some(name) = names.next()? {
                newest = newest.max(version(name.name(endian, strings)?));
            }
        }
        Ok(newest)
    };
    found().failed(|| "the base's libc.so.6 can't be read")
}

/// `GLIBC_2.36` and `GLIBC_2.2.5`; others, such as `GLIBC_PRIVATE`, are no versions.
fn version(name: &[u8]) -> Option<Glibc> {
    let numbers = std::str::from_utf8(name).ok()?.strip_prefix("GLIBC_")?;
    let mut numbers = numbers.split('.').map(str::parse);
    Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).trim_end_matches('\0').to_owned()
}

#[cfg(test)]
mod tests {
    use super::{read, version};

    #[test]
    fn this_very_test_needs_a_loader_and_a_c_library() {
        let bytes = std::fs::read(std::env::current_exe().unwrap()).unwrap();
        let binary = read(&bytes).unwrap();
        let here = if cfg!(target_arch = "x86_64") { "amd64" } else { "arm64" };
        assert_eq!(binary.architecture, Some(here));
        assert!(binary.loader.unwrap().contains("ld-linux"));
        assert!(binary.libraries.contains(&"libc.so.6".to_owned()), "{:?}", binary.libraries);
        assert!(binary.glibc.unwrap() >= (2, 17), "{:?}", binary.glibc);
        assert!(read(b"#!/bin/sh\n").is_err());
    }

    #[test]
    fn versions_are_numbers() {
        assert_eq!(version(b"GLIBC_2.36"), Some((2, 36)));
        assert_eq!(version(b"GLIBC_2.2.5"), Some((2, 2)));
        assert_eq!((version(b"GLIBC_PRIVATE"), version(b"GCC_3.0")), (None, None));
    }
}
