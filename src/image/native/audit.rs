//! Tells a binary which crates it is made of, where scanners of vulnerabilities look for it: the section `.dep-v0`, as
//! `cargo auditable` writes it. That one does it while linking, for one binary at a time and by another cargo command;
//! here it is added behind all that is there, so nothing that a loader sees moves.

use std::io::Write;

use auditable_serde::{DependencyKind, Package, Source, VersionInfo};
use flate2::Compression;
use flate2::write::ZlibEncoder;
use object::elf::{self, FileHeader64, SectionHeader64};
use object::pod::bytes_of;
use object::read::elf::{FileHeader, SectionHeader};
use object::{Endianness, U16, U32, U64};

use crate::cargo::{Crate, Origin};
use crate::error::{Context, Error, Result};

const SECTION: &[u8] = b".dep-v0";
/// The revision of the format that tells build-time crates, macros among them, from those in the binary: the latter only.
const FORMAT: u32 = 1;

type Header = FileHeader64<Endianness>;

/// The binary with the list of its crates; one that has such a list stays as it is.
///
/// # Errors
/// It is no 64-bit ELF file, or a broken one.
pub(super) fn embed(binary: Vec<u8>, crates: &[Crate]) -> Result<Vec<u8>> {
    let what = || "could not write into the binary which crates it is made of";
    let list = packed(crates).failed(what)?;
    match append(&binary, &list) {
        Ok(Some(changed)) => Ok(changed),
        Ok(None) => Ok(binary),
        Err(e) => Err(Error::failed(what()).cause(e.to_string())),
    }
}

fn packed(crates: &[Crate]) -> anyhow::Result<Vec<u8>> {
    let package = |(index, one): (usize, &Crate)| -> anyhow::Result<Package> {
        Ok(Package {
            name: one.name.clone(),
            version: one.version.parse()?,
            source: match one.origin {
                Origin::CratesIo => Source::CratesIo,
                Origin::Registry => Source::Registry,
                Origin::Git => Source::Git,
                Origin::Local => Source::Local,
            },
            kind: DependencyKind::Runtime,
            dependencies: one.dependencies.clone(),
            root: index == 0,
        })
    };
    let packages = crates.iter().enumerate().map(package).collect::<anyhow::Result<_>>()?;
    let text = serde_json::to_vec(&VersionInfo { packages, format: FORMAT })?;
    let mut packed = ZlibEncoder::new(Vec::new(), Compression::best());
    packed.write_all(&text)?;
    Ok(packed.finish()?)
}

/// Old bytes, the list, the names of the sections with one more, the table of the sections with one more.
fn append(binary: &[u8], list: &[u8]) -> object::read::Result<Option<Vec<u8>>> {
    let mut header = *Header::parse(binary)?;
    let endian = header.endian()?;
    let sections = header.sections(endian, binary)?;
    if sections.section_by_name(endian, SECTION).is_some() {
        return Ok(None);
    }
    let names_index = header.section_strings_index(endian, binary)?;
    let names = sections.section(names_index)?.data(endian, binary)?;
    let mut table: Vec<SectionHeader64<Endianness>> = sections.iter().copied().collect();

    let mut changed = binary.to_vec();
    let list_at = changed.len() as u64;
    changed.extend_from_slice(list);
    let names_at = changed.len() as u64;
    changed.extend_from_slice(names);
    changed.extend_from_slice(SECTION);
    changed.push(0);
    let names_size = changed.len() as u64 - names_at;
    changed.resize(changed.len().next_multiple_of(8), 0);

    table[names_index.0].sh_offset = U64::new(endian, names_at);
    table[names_index.0].sh_size = U64::new(endian, names_size);
    table.push(SectionHeader64 {
        sh_name: U32::new(endian, u32::try_from(names.len()).unwrap_or_default()),
        sh_type: U32::new(endian, elf::SHT_PROGBITS),
        sh_flags: U64::new(endian, 0),
        sh_addr: U64::new(endian, 0),
        sh_offset: U64::new(endian, list_at),
        sh_size: U64::new(endian, list.len() as u64),
        sh_link: U32::new(endian, 0),
        sh_info: U32::new(endian, 0),
        sh_addralign: U64::new(endian, 1),
        sh_entsize: U64::new(endian, 0),
    });
    header.e_shoff = U64::new(endian, changed.len() as u64);
    header.e_shnum = U16::new(endian, u16::try_from(table.len()).unwrap_or_default());
    for section in &table {
        changed.extend_from_slice(bytes_of(section));
    }
    changed[..size_of::<Header>()].copy_from_slice(bytes_of(&header));
    Ok(Some(changed))
}

#[cfg(test)]
mod tests {
    use std::io::Read;
    use std::os::unix::fs::PermissionsExt;
    use std::process::Command;

    use object::Endianness;
    use object::read::elf::{FileHeader, SectionHeader};

    use super::{Header, SECTION, embed};
    use crate::cargo::{Crate, Origin};

    fn crates() -> Vec<Crate> {
        let one = |name: &str, origin, dependencies| Crate {
            name: name.to_owned(),
            version: "1.2.3".to_owned(),
            origin,
            dependencies,
            ..Crate::default()
        };
        vec![one("orders", Origin::Local, vec![1]), one("serde", Origin::CratesIo, Vec::new())]
    }

    fn list_in(binary: &[u8]) -> Option<auditable_serde::VersionInfo> {
        let header = Header::parse(binary).unwrap();
        let endian: Endianness = header.endian().unwrap();
        let sections = header.sections(endian, binary).unwrap();
        let (_, section) = sections.section_by_name(endian, SECTION)?;
        let mut text = String::new();
        flate2::read::ZlibDecoder::new(section.data(endian, binary).unwrap()).read_to_string(&mut text).unwrap();
        Some(text.parse().unwrap())
    }

    #[test]
    fn a_binary_tells_its_crates_and_still_runs() {
        let before = std::fs::read("/bin/true").unwrap();
        assert!(list_in(&before).is_none());
        let after = embed(before.clone(), &crates()).unwrap();
        let told = list_in(&after).unwrap();
        assert_eq!(told.packages[0].name, "orders");
        assert!(told.packages[0].root && told.packages[0].dependencies == [1]);
        assert_eq!(embed(before, &crates()).unwrap(), after, "equal input, equal bytes");
        assert_eq!(embed(after.clone(), &[]).unwrap(), after, "a list that is there stays");

        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("true");
        std::fs::write(&file, &after).unwrap();
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o755)).unwrap();
        assert!(Command::new(&file).status().unwrap().success());
        assert!(embed(b"#!/bin/sh\n".to_vec(), &crates()).is_err());
    }
}
