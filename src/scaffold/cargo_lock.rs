//! Cargo.lock comes with the template, so that the first build takes the versions that were tested. Cargo wants
//! its packages in the order of their names, and a service's name is only known when it is generated. Several services
//! in one workspace have one lock, which is all of theirs together.

use std::collections::{BTreeMap, BTreeSet};

const PACKAGE: &str = "[[package]]\n";
const OPEN: &str = "dependencies = [\n";

/// Name and version, by which the packages of a lock are told apart: all are from one registry.
pub type Id = (String, String);

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
pub struct Block<'a> {
    /// The lines before the list of dependencies.
    pub head: Vec<&'a str>,
    /// The lines of that list.
    pub dependencies: Vec<&'a str>,
}

/// The packages of a lock's text.
pub fn blocks(text: &str) -> impl Iterator<Item = Block<'_>> {
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

    /// Its name and version.
    #[must_use]
    pub fn id(&self) -> Id {
        (self.value("name"), self.value("version"))
    }
}

impl Lock {
    /// Reads a lock.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let ids: Vec<Id> = blocks(text).map(|block| block.id()).collect();
        // The version is left out where there is but one.
        let named = |line: &&str| {
            let mut parts = line.trim_matches([' ', '"', ',']).split(' ');
            let (name, version) = (parts.next().unwrap_or_default(), parts.next());
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

    /// Takes in the packages of another.
    pub fn extend(&mut self, other: &Self) {
        for (id, package) in &other.packages {
            let known = self.packages.entry(id.clone()).or_default();
            known.origin.clone_from(&package.origin);
            known.dependencies.extend(package.dependencies.iter().cloned());
        }
    }

    /// Lets a package of the workspace, which may be new, depend on others that are locked.
    pub fn depend<'a>(&mut self, name: &str, on: impl IntoIterator<Item = &'a str>) {
        let newest =
            |name: &str| self.packages.keys().filter(|id| id.0 == name).max_by_key(|id| numbers(&id.1)).cloned();
        let dependencies: Vec<Id> = on.into_iter().map(|name| newest(name).unwrap_or_else(|| member(name))).collect();
        let id = newest(name).unwrap_or_else(|| member(name));
        self.packages.entry(id).or_default().dependencies.extend(dependencies);
    }

    /// Takes out all packages of this name, which nobody depends on.
    pub fn remove(&mut self, name: &str) {
        self.packages.retain(|id, _| id.0 != name);
    }

    /// As cargo writes it.
    #[must_use]
    pub fn text(&self) -> String {
        let versions = |name: &str| self.packages.keys().filter(|id| id.0 == name).count();
        let several: BTreeSet<&str> =
            self.packages.keys().map(|id| id.0.as_str()).filter(|name| versions(name) > 1).collect();
        let dependency = |(name, version): &Id| {
            if several.contains(name.as_str()) {
                format!(" \"{name} {version}\",\n")
            } else {
                format!(" \"{name}\",\n")
            }
        };
        let mut text = String::from(HEAD);
        for ((name, version), package) in &self.packages {
            text.extend([PACKAGE, "name = \"", name, "\"\nversion = \"", version, "\"\n"]);
            text.extend(package.origin.iter().flat_map(|line| [line, "\n"]));
            if !package.dependencies.is_empty() {
                text.push_str(OPEN);
                text.extend(package.dependencies.iter().map(dependency));
                text.push_str("]\n");
            }
        }
        sort(&text)
    }
}

const HEAD: &str =
    "# This file is automatically @generated by Cargo.\n# It is not intended for manual editing.\nversion = 4\n";

/// `text` with its `[[package]]` tables, and the dependencies in each, sorted as cargo sorts them.
pub(super) fn sort(text: &str) -> String {
    // Other tables may follow the packages where the user patches some: cargo itself sorts that one.
    if text.contains("[[patch.") {
        return text.to_owned();
    }
    let mut parts = text.split(PACKAGE);
    let head = parts.next().unwrap_or_default();
    let mut packages: Vec<&str> = parts.map(str::trim_end).collect();
    packages.sort_by_key(|package| (value(package, "name"), version(package), value(package, "source")));
    let mut sorted = head.trim_end().to_owned() + "\n";
    for package in packages {
        sorted.push_str("\n[[package]]\n");
        sorted.push_str(&with_sorted_dependencies(package));
        sorted.push('\n');
    }
    sorted
}

fn with_sorted_dependencies(package: &str) -> String {
    let parts = package.split_once(OPEN).and_then(|(head, rest)| Some((head, rest.split_once(']')?)));
    let Some((head, (list, tail))) = parts else { return package.to_owned() };
    let mut list: Vec<&str> = list.lines().collect();
    list.sort_unstable();
    list.dedup();
    let list: String = list.into_iter().flat_map(|line| [line, "\n"]).collect();
    format!("{head}{OPEN}{list}]{tail}")
}

fn value<'a>(package: &'a str, key: &str) -> &'a str {
    package.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(" = ")).unwrap_or_default()
}

fn version(package: &str) -> Vec<u64> {
    numbers(value(package, "version").trim_matches('"'))
}

/// The numbers of a version, so that 0.9 comes before 0.10.
fn numbers(version: &str) -> Vec<u64> {
    version.split(['.', '-', '+']).map_while(|part| part.parse().ok()).collect()
}

/// A crate that msvc makes.
fn member(name: &str) -> Id {
    (name.to_owned(), "0.1.0".to_owned())
}

#[cfg(test)]
mod tests {
    use super::sort;

    #[test]
    fn packages_are_sorted_by_name_then_version() {
        let lock = "version = 4\n\n[[package]]\nname = \"zeta\"\nversion = \"0.1.0\"\n\n[[package]]\nname = \"b\"\nversion = \"0.10.0\"\n\n[[package]]\nname = \"b\"\nversion = \"0.9.1\"\n";
        assert_eq!(
            sort(lock),
            "version = 4\n\n[[package]]\nname = \"b\"\nversion = \"0.9.1\"\n\n[[package]]\nname = \"b\"\nversion = \"0.10.0\"\n\n[[package]]\nname = \"zeta\"\nversion = \"0.1.0\"\n"
        );
        assert_eq!(sort(&sort(lock)), sort(lock));
    }
}
