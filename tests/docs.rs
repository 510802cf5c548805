//! What the documents say is there: the files that they lead to, and the commands that they name.

use std::collections::BTreeSet;
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

#[test]
fn the_page_of_generated_services_names_every_file() {
    let page = std::fs::read_to_string(Path::new(ROOT).join("docs/generated-services.md")).unwrap();
    let parent = tempfile::tempdir().unwrap();
    let mut silent = BTreeSet::new();
    for (index, set) in SERVICES.iter().enumerate() {
        let name = format!("service{index}");
        Msvc::new(parent.path(), &[&["new", &name, "--yes"], *set].concat()).run().success();
        let listed = Command::new("git").arg("ls-files").current_dir(parent.path().join(&name)).output().unwrap();
        let listed = String::from_utf8(listed.stdout).unwrap().replace("src/order/", "src/<entity>/");
        assert!(listed.contains("src/main.rs"), "{listed}");
        silent.extend(listed.lines().filter(|file| !tells_of(&page, file)).map(str::to_owned));
    }
    assert!(silent.is_empty(), "docs/generated-services.md does not name {silent:#?}");
}

/// Every template, and every option.
const SERVICES: [&[&str]; 14] = [
    &["--template", "rest"],
    &["--set", "store=none"],
    &["--set", "auth=jwt"],
    &["--set", "events=outbox"],
    &["--set", "subscribes=payment.settled"],
    &["--set", "cache=memory"],
    &["--set", "cache=redis"],
    &["--set", "otel=true"],
    &["--template", "worker", "--set", "otel=true"],
    &["--template", "worker"],
    &["--template", "grpc"],
    &["--template", "grpc", "--set", "auth=jwt"],
    &["--template", "gateway"],
    &["--template", "gateway", "--set", "auth=jwt", "--set", "grpc=orders"],
];

/// Whether it names the file, or one of the folders above it.
fn tells_of(page: &str, file: &str) -> bool {
    let folders = file.match_indices('/').map(|(at, _)| &file[..=at]);
    folders.chain([file]).any(|name| page.contains(&format!("`{name}`")))
}
