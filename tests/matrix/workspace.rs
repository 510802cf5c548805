//! Many generated services as members of one workspace, which cargo builds in one go, with one lock.

use std::collections::BTreeMap;
use std::fs::{read_to_string, write};
use std::path::Path;

use msvc::scaffold::cargo_lock::Lock;

/// What stands between `[workspace]` and the end of a service's Cargo.toml, by its headings.
#[derive(Default)]
pub struct Workspace {
    members: Vec<String>,
    sections: BTreeMap<String, BTreeMap<String, String>>,
    lock: Lock,
}

impl Workspace {
    /// Makes the service in `dir`, below the workspace's folder, a member, and its chassis another: under a name of its
    /// own, since there are as many as services.
    pub fn take_in(&mut self, dir: &Path) {
        let name = dir.file_name().unwrap().to_str().unwrap().to_owned();
        let chassis = format!("{name}-chassis");
        let manifest = read_to_string(dir.join("Cargo.toml")).unwrap();
        let (package, workspace) = manifest.split_once("[workspace]\n").unwrap();
        let renamed = format!("chassis = {{ path = \"chassis\", package = \"{chassis}\" }}");
        let package = package.replace("chassis = { path = \"chassis\" }", &renamed);
        assert!(package.contains(&chassis), "{package}");
        write(dir.join("Cargo.toml"), package).unwrap();
        for (heading, entries) in sections(workspace) {
            let known = self.sections.entry(heading).or_default();
            for (key, text) in entries {
                let other = known.insert(key, text.clone());
                assert!(other.is_none_or(|other| other == text), "services differ in {text}");
            }
        }
        self.lock.extend(&Lock::parse(&read_to_string(dir.join("Cargo.lock")).unwrap()));
        std::fs::remove_file(dir.join("Cargo.lock")).unwrap();

        let file = dir.join("chassis/Cargo.toml");
        let text = read_to_string(&file).unwrap();
        write(&file, text.replace("name = \"chassis\"", &format!("name = \"{chassis}\""))).unwrap();
        let crate_name = chassis.replace('-', "_");
        for entry in std::fs::read_dir(dir.join("chassis/tests")).unwrap() {
            let file = entry.unwrap().path();
            let text = read_to_string(&file).unwrap();
            write(&file, text.replace("chassis::", &format!("{crate_name}::"))).unwrap();
        }
        self.members.extend([name.clone(), format!("{name}/chassis")]);
    }

    /// Writes what the members share.
    pub fn write(&self, dir: &Path) {
        let mut text = format!("[workspace]\nresolver = \"3\"\nmembers = {:?}\n", self.members);
        for (heading, entries) in &self.sections {
            text += &format!("\n{heading}\n{}", entries.values().map(String::as_str).collect::<String>());
        }
        write(dir.join("Cargo.toml"), text).unwrap();
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
