//! What takes the space in a binary: the code of which crates, by the names of its functions.

use std::collections::BTreeMap;

use object::Endianness;
use object::elf::{FileHeader64, SHT_SYMTAB, STT_FUNC};
use object::read::elf::{FileHeader, Sym};

use super::layer::Layer;
use crate::image::docker::amount;

/// How many crates are told.
const MOST: usize = 10;

/// The crates with the most code; a line that says how to see them where the binary has no names any more.
pub(super) fn lines(layer: &Layer) -> Vec<String> {
    let crates = by_crate(&layer.binary).unwrap_or_default();
    if crates.is_empty() {
        return vec!["stripped; CARGO_PROFILE_RELEASE_STRIP=none shows which crates take the space".to_owned()];
    }
    let all: u64 = crates.values().sum();
    let mut crates: Vec<(String, u64)> = crates.into_iter().collect();
    crates.sort_by_key(|(name, size)| (std::cmp::Reverse(*size), name.clone()));
    let line = |(name, size): &(String, u64)| format!("{:>9} {:>3} % {name}", amount(*size), size * 100 / all.max(1));
    crates.iter().take(MOST).map(line).collect()
}

/// The bytes of the functions of each crate.
fn by_crate(binary: &[u8]) -> object::read::Result<BTreeMap<String, u64>> {
    let header = FileHeader64::<Endianness>::parse(binary)?;
    let endian = header.endian()?;
    let symbols = header.sections(endian, binary)?.symbols(endian, binary, SHT_SYMTAB)?;
    let mut crates = BTreeMap::new();
    for symbol in symbols.iter().filter(|symbol| symbol.st_type() == STT_FUNC) {
        let name = String::from_utf8_lossy(symbol.name(endian, symbols.strings())?).into_owned();
        *crates.entry(crate_of(&name)).or_default() += symbol.st_size(endian);
    }
    Ok(crates)
}

/// The crate of a function: of `<a::X as b::Y>::f`, `a`.
fn crate_of(symbol: &str) -> String {
    let Ok(name) = rustc_demangle::try_demangle(symbol) else { return "what is not Rust".to_owned() };
    let name = format!("{name:#}");
    let start = name.trim_start_matches(|c: char| !(c.is_alphanumeric() || c == '_'));
    let start = ["dyn ", "mut ", "const "].iter().fold(start, |start, word| start.trim_start_matches(word));
    let end = start.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(start.len());
    start[..end].to_owned()
}

#[cfg(test)]
mod tests {
    use super::{by_crate, crate_of};

    #[test]
    fn functions_belong_to_crates() {
        assert_eq!(crate_of("_ZN4core3fmt5Write9write_fmt17h0123456789abcdefE"), "core");
        assert_eq!(
            crate_of("_ZN58_$LT$alloc..string..String$u20$as$u20$core..fmt..Write$GT$9write_str17h0123456789abcdefE"),
            "alloc"
        );
        assert_eq!(crate_of("memcpy"), "what is not Rust");
        let own = std::fs::read(std::env::current_exe().unwrap()).unwrap();
        let crates = by_crate(&own).unwrap();
        assert!(crates["msvc"] > 0 && crates["core"] > 0, "{crates:?}");
    }
}
