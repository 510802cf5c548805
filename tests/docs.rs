//! What the documents say is there: the files that they lead to, and the commands that they name.

use std::path::{Path, PathBuf};
use std::process::Command;

use msvc::cli::definition;
use regex::Regex;

use crate::support::Msvc;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

fn documents() -> Vec<PathBuf> {
    let mut documents: Vec<PathBuf> = [ROOT, concat!(env!("CARGO_MANIFEST_DIR"), "/docs")]
        .iter()
        .flat_map(|folder| std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()))
        .filter(|path| path.extension().is_some_and(|e| e == "md"))
        .collect();
    documents.sort();
    documents
}

#[test]
fn every_link_leads_to_a_file() {
    let link = Regex::new(r"\]\(([^)#:]+)(#[^)]*)?\)").unwrap();
    let mut dead = Vec::new();
    for document in documents() {
        let text = std::fs::read_to_string(&document).unwrap();
        for target in link.captures_iter(&text).map(|c| c[1].to_owned()) {
            if !document.parent().unwrap().join(&target).exists() {
                dead.push(format!("{}: {target}", document.strip_prefix(ROOT).unwrap().display()));
            }
        }
    }
    assert!(dead.is_empty(), "no such file: {}", dead.join(", "));
}

#[test]
fn the_readme_names_every_command_and_no_other() {
    let readme = std::fs::read_to_string(Path::new(ROOT).join("README.md")).unwrap();
    let known: Vec<String> = definition().get_subcommands().map(|c| c.get_name().to_owned()).collect();
    let named = Regex::new(r"(?m)(?:`|^\$ )msvc ([a-z]+)").unwrap();
    let named: Vec<String> = named.captures_iter(&readme).map(|c| c[1].to_owned()).collect();
    let silent: Vec<&String> = known.iter().filter(|c| *c != "help" && !named.contains(c)).collect();
    let unknown: Vec<&String> = named.iter().filter(|c| !known.contains(c)).collect();
    assert!(silent.is_empty() && unknown.is_empty(), "not named: {silent:?}; not there: {unknown:?}");
}

/// The files of a new service, by the names that the page gives them.
#[test]
fn the_page_of_generated_services_names_every_file() {
    let page = std::fs::read_to_string(Path::new(ROOT).join("docs/generated-services.md")).unwrap();
    let parent = tempfile::tempdir().unwrap();
    Msvc::new(parent.path(), &["new", "orders", "--yes"]).run().success();
    let listed = Command::new("git").arg("ls-files").current_dir(parent.path().join("orders")).output().unwrap();
    let listed = String::from_utf8(listed.stdout).unwrap().replace("src/order/", "src/<entity>/");
    // Folders whose files are many of one kind.
    let folders = ["migrations/sqlite/", "migrations/postgres/", "tests/it/"];
    let named = |name: &str| page.contains(&format!("`{name}`"));
    let is_told = |file: &&str| named(file) || folders.iter().any(|folder| file.starts_with(folder) && named(folder));
    let silent: Vec<&str> = listed.lines().filter(|file| !is_told(file)).collect();
    assert!(listed.contains("src/main.rs"), "{listed}");
    assert!(silent.is_empty(), "docs/generated-services.md does not name {}", silent.join(", "));
}
