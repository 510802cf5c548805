//! Cargo.lock: read, joined with others, and written as a template.

use std::collections::{BTreeMap, BTreeSet};

use super::combinations::Combination;
use super::condition::{self, Set};

const PACKAGE: &str = "[[package]]\n";
const OPEN: &str = "dependencies = [\n";

/// Name and version, by which the packages of a lock are told apart: all are from one registry.
type Id = (String, String);

/// Packages with what they depend on, maybe of several locks.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Lock {
    packages: BTreeMap<Id, Package>,
}

#[derive(Debug, Clone, Default, PartialEq)]
struct Package {
    /// The lines of source and checksum; none for a package of the workspace.
    origin: Vec<String>,
    dependencies: BTreeSet<Id>,
}

/// One `[[package]]` as it stands in the file.
struct Block<'a> {
    head: Vec<&'a str>,
    dependencies: Vec<&'a str>,
}

fn blocks(text: &str) -> impl Iterator<Item = Block<'_>> {
    text.split(PACKAGE).skip(1).map(|block| {
        let (head, rest) = block.split_once(OPEN).unwrap_or((block, ""));
        let list = rest.split_once(']').map_or("", |(list, _)| list);
        let head = head.lines().filter(|line| !line.is_empty()).collect();
        Block { head, dependencies: list.lines().collect() }
    })
}

impl Block<'_> {
    fn value(&self, key: &str) -> String {
        let value = self.head.iter().find_map(|line| line.strip_prefix(key)?.strip_prefix(" = "));
        value.unwrap_or_default().trim_matches('"').to_owned()
    }

    fn id(&self) -> Id {
        (self.value("name"), self.value("version"))
    }
}

impl Lock {
    pub fn parse(text: &str) -> Self {
        let ids: Vec<Id> = blocks(text).map(|block| block.id()).collect();
        // The version is left out where there is but one.
        let named = |line: &&str| {
            let mut parts = line.trim_matches([' ', '"', ',']).split(' ');
            let (name, version) = (parts.next().unwrap(), parts.next());
            let is_it = |id: &&Id| id.0 == name && version.is_none_or(|version| id.1 == version);
            ids.iter().filter(is_it).cloned().collect::<Vec<_>>()
        };
        let package = |block: Block<'_>| {
            let origin = block.head.iter().skip(2).map(|line| (*line).to_owned()).collect();
            let dependencies = block.dependencies.iter().flat_map(named).collect();
            (block.id(), Package { origin, dependencies })
        };
        Self { packages: blocks(text).map(package).collect() }
    }

    pub fn extend(&mut self, other: &Self) {
        for (id, package) in &other.packages {
            let known = self.packages.entry(id.clone()).or_default();
            known.origin.clone_from(&package.origin);
            known.dependencies.extend(package.dependencies.iter().cloned());
        }
    }

    /// As cargo reads it: every dependency with its version.
    pub fn in_full(&self) -> String {
        let mut text = "version = 4\n".to_owned();
        for ((name, version), package) in &self.packages {
            text += &format!("\n{PACKAGE}name = \"{name}\"\nversion = \"{version}\"\n");
            text.extend(package.origin.iter().flat_map(|line| [line, "\n"]));
            if !package.dependencies.is_empty() {
                text += OPEN;
                text.extend(package.dependencies.iter().map(|(name, version)| format!(" \"{name} {version}\",\n")));
                text += "]\n";
            }
        }
        text
    }
}

/// Where a package is needed, and where each of its lines stands.
#[derive(Default)]
struct Found {
    head: Vec<String>,
    present: Set,
    dependencies: BTreeMap<String, Set>,
}

/// One template that renders to each of the locks.
pub fn template(all: &[Combination], locks: &[String]) -> String {
    let mut packages: BTreeMap<Id, Found> = BTreeMap::new();
    for (index, lock) in locks.iter().enumerate() {
        for block in blocks(lock) {
            let found = packages.entry(block.id()).or_default();
            found.head = block.head.iter().map(|line| (*line).to_owned()).collect();
            found.present.insert(index);
            for line in block.dependencies {
                found.dependencies.entry(line.to_owned()).or_default().insert(index);
            }
        }
    }
    let everywhere: Set = (0..all.len()).collect();
    let head = locks[0].split(PACKAGE).next().unwrap().trim_end();
    let mut packages: Vec<_> = packages.into_iter().collect();
    packages.sort_by_key(|((name, version), _)| (name.clone(), numbers(version)));
    let packages = packages.iter().map(|(_, found)| {
        let text = format!("\n{PACKAGE}{}{}", lines(&found.head), dependencies(all, found));
        under(condition::between(all, &found.present, &everywhere), &text)
    });
    format!("{head}\n{}", packages.collect::<String>())
}

/// So that 0.9 comes before 0.10.
fn numbers(version: &str) -> Vec<u64> {
    version.split(['.', '-', '+']).map_while(|part| part.parse().ok()).collect()
}

fn dependencies(all: &[Combination], found: &Found) -> String {
    let any: Set = found.dependencies.values().flatten().copied().collect();
    if any.is_empty() {
        return String::new();
    }
    let list = found.dependencies.iter();
    let list = list.map(|(line, set)| under(condition::between(all, set, &any), &format!("{line}\n")));
    let text = format!("{OPEN}{}]\n", list.collect::<String>());
    under(condition::between(all, &any, &found.present), &text)
}

fn lines(lines: &[String]) -> String {
    lines.iter().flat_map(|line| [line, "\n"]).collect()
}

fn under(condition: Option<String>, text: &str) -> String {
    match condition {
        Some(condition) => format!("{{%- if {condition} %}}\n{text}{{%- endif %}}\n"),
        None => text.to_owned(),
    }
}
