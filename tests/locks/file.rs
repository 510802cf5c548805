//! Cargo.lock written as a template.

use std::collections::BTreeMap;

use msvc::scaffold::cargo_lock::{Id, blocks};

use super::condition::{self, Set};
use crate::support::combinations::Combination;

const PACKAGE: &str = "[[package]]\n";
const OPEN: &str = "dependencies = [\n";

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
