//! The rules of docs/architecture.md that a machine can check.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// Which rooms each room may use; `None`: all.
const RULES: &[(&str, Option<&[&str]>)] = &[
    ("main", None),
    ("lib", None),
    ("cli", None),
    ("error", Some(&[])),
    ("progress", Some(&[])),
    ("project", Some(&["error"])),
    ("registry", Some(&["error", "progress"])),
    ("cargo", Some(&["error", "progress"])),
    ("git", Some(&["error"])),
    ("graph", Some(&["project", "error"])),
    ("ui", Some(&["error", "progress"])),
    ("scaffold", Some(&["project", "graph", "registry", "git", "error", "progress"])),
    ("image", Some(&["project", "registry", "git", "cargo", "error", "progress"])),
    ("kubernetes", Some(&["project", "registry", "git", "error", "progress"])),
    ("local", Some(&["project", "registry", "git", "cargo", "error", "progress"])),
    ("pipeline", Some(&["project", "error"])),
    ("capacity", Some(&["project", "registry", "git", "error", "progress"])),
];

/// Crates that only one room (or one part of it) may name.
const OWNERS: &[(&str, &str)] = &[
    ("tera", "scaffold/engine"),
    ("bollard", "image/docker"),
    ("kube", "kubernetes/client"),
    ("oci_client", "registry/"),
    ("reqwest", "registry/"),
    ("git2", "git/"),
    ("indicatif", "ui/"),
    ("notify", "local/watch"),
    ("dialoguer", "ui/"),
];

fn sources() -> Vec<(String, String)> {
    let mut files = Vec::new();
    let mut folders = vec![PathBuf::from(ROOT).join("src")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let name = path.strip_prefix(Path::new(ROOT).join("src")).unwrap().to_str().unwrap().to_owned();
                files.push((name, std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
    files.sort();
    files
}

fn room(file: &str) -> &str {
    file.split('/').next().unwrap().trim_end_matches(".rs")
}

/// The rooms that a file names as `crate::ROOM`, in paths and in grouped imports.
fn used_rooms(text: &str) -> BTreeSet<String> {
    let word = |rest: &str| rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    let mut rooms = BTreeSet::new();
    for (at, _) in text.match_indices("crate::") {
        let rest = &text[at + "crate::".len()..];
        match rest.strip_prefix('{') {
            Some(group) => {
                let mut depth = 0;
                let mut start = true;
                for (i, c) in group.char_indices() {
                    match c {
                        '{' => depth += 1,
                        '}' if depth == 0 => break,
                        '}' => depth -= 1,
                        ',' if depth == 0 => start = true,
                        c if start && depth == 0 && c.is_alphabetic() => {
                            rooms.insert(word(&group[i..]));
                            start = false;
                        }
                        _ => {}
                    }
                }
            }
            None => {
                rooms.insert(word(rest));
            }
        }
    }
    rooms
}

#[test]
fn rooms_use_only_whom_they_may() {
    let mut broken = Vec::new();
    for (file, text) in sources() {
        let room = room(&file);
        let rule = RULES.iter().find(|(name, _)| *name == room);
        let Some((_, allowed)) = rule else {
            broken.push(format!("{file}: the room `{room}` has no rule"));
            continue;
        };
        for used in used_rooms(&text) {
            if used != room && allowed.is_some_and(|a| !a.contains(&used.as_str())) {
                broken.push(format!("{file} uses crate::{used}"));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn libraries_stay_with_their_owner() {
    let mut broken = Vec::new();
    for (file, text) in sources() {
        for (library, owner) in OWNERS {
            let named =
                [format!("use {library}::"), format!(" {library}::"), format!("({library}::"), format!("<{library}::")];
            if named.iter().any(|n| text.contains(n.as_str())) && !file.starts_with(owner) {
                broken.push(format!("{file} uses {library}, which belongs to src/{owner}"));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn every_source_file_says_what_it_is_for() {
    let silent: Vec<String> =
        sources().into_iter().filter(|(_, text)| !text.starts_with("//!")).map(|(f, _)| f).collect();
    assert!(silent.is_empty(), "no module doc: {}", silent.join(", "));
}

#[test]
fn groups_of_imports_are_read() {
    let text = "use crate::{error::{Error, Result}, project::Service, ui};\nlet x = crate::git::describe();";
    let rooms: Vec<String> = used_rooms(text).into_iter().collect();
    assert_eq!(rooms, ["error", "git", "project", "ui"]);
}
