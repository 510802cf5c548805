//! Many generated services as members of one workspace, which cargo builds in one go, with one lock and one chassis that
//! has all that any service can need.

use std::collections::BTreeMap;
use std::fs::{create_dir_all, read_to_string, write};
use std::path::Path;

use msvc::scaffold::cargo_lock::Lock;
use msvc::scaffold::render::{render, shared};
use msvc::scaffold::{needs, source};

use crate::support::combinations;

/// What stands between `[workspace]` and the end of a service's Cargo.toml, by its headings.
#[derive(Default)]
pub struct Workspace {
    members: Vec<String>,
    sections: BTreeMap<String, BTreeMap<String, String>>,
    lock: Lock,
    lints: String,
}

impl Workspace {
    /// The workspace with its chassis in `dir`: it knows all that any template's workspace has.
    pub fn with_chassis(dir: &Path) -> Self {
        let mut workspace = Self { members: vec!["chassis".to_owned()], ..Self::default() };
        for source in source::built_in().unwrap() {
            for combination in combinations::of(&source.manifest) {
                let files = render(&source, "any", &combination.answers).unwrap().files;
                let text = |file| std::str::from_utf8(&files.get(file).unwrap().bytes).unwrap();
                let (_, common) = text("Cargo.toml").split_once("[workspace]\n").unwrap();
                workspace.learn(common, text("Cargo.lock"));
                // The longest names all words that some file has.
                if text("clippy.toml").len() > workspace.lints.len() {
                    text("clippy.toml").clone_into(&mut workspace.lints);
                }
            }
        }
        let chassis = source::shared("chassis").unwrap();
        let files = shared(&chassis, &needs::all(&chassis.manifest.declared)).unwrap();
        for (path, entry) in files.iter() {
            let file = dir.join("chassis").join(path);
            create_dir_all(file.parent().unwrap()).unwrap();
            write(file, &entry.bytes).unwrap();
        }
        workspace
    }

    /// Makes the service in `dir`, below the workspace's folder, a member.
    pub fn take_in(&mut self, dir: &Path) {
        let name = dir.file_name().unwrap().to_str().unwrap().to_owned();
        let manifest = read_to_string(dir.join("Cargo.toml")).unwrap();
        let (package, common) = manifest.split_once("[workspace]\n").unwrap();
        self.learn(common, &read_to_string(dir.join("Cargo.lock")).unwrap());
        let package = package.replace("chassis = { path = \"chassis\" }", "chassis = { path = \"../chassis\" }");
        assert!(package.contains("../chassis"), "{package}");
        write(dir.join("Cargo.toml"), package).unwrap();
        std::fs::remove_file(dir.join("Cargo.lock")).unwrap();
        std::fs::remove_dir_all(dir.join("chassis")).unwrap();
        self.members.push(name);
    }

    /// Makes a crate a member that has nothing of its own to share.
    pub fn join(&mut self, name: String) {
        self.members.push(name);
    }

    /// Adds what members share with each other.
    fn learn(&mut self, common: &str, lock: &str) {
        for (heading, entries) in sections(common) {
            let known = self.sections.entry(heading).or_default();
            for (key, text) in entries {
                let other = known.insert(key, text.clone());
                assert!(other.is_none_or(|other| other == text), "services differ in {text}");
            }
        }
        self.lock.extend(&Lock::parse(lock));
    }

    /// Writes what the members share.
    pub fn write(&self, dir: &Path) {
        let mut text = format!("[workspace]\nresolver = \"3\"\nmembers = {:?}\n", self.members);
        for (heading, entries) in &self.sections {
            text += &format!("\n{heading}\n{}", entries.values().map(String::as_str).collect::<String>());
        }
        write(dir.join("Cargo.toml"), text).unwrap();
        write(dir.join("clippy.toml"), &self.lints).unwrap();
        write(dir.join("Cargo.lock"), self.lock.text()).unwrap();
    }
}

/// Each heading with its entries, by their keys; an entry may have several lines.
fn sections(text: &str) -> Vec<(String, BTreeMap<String, String>)> {
    let mut sections: Vec<(String, BTreeMap<String, String>)> = Vec::new();
    let mut key = String::new();
    for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        if line.starts_with('[') {
            sections.push((line.to_owned(), BTreeMap::new()));
        } else if let Some((_, entries)) = sections.last_mut() {
            if line.starts_with(|c: char| c.is_ascii_lowercase()) {
                line.split(' ').next().unwrap().clone_into(&mut key);
            }
            *entries.entry(key.clone()).or_default() += &format!("{line}\n");
        }
    }
    sections
}
