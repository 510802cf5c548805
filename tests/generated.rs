//! What is generated from the command line's definition and the schema is committed, and never drifts from them.
//! `UPDATE_GENERATED=1 cargo test --test it generated` writes it anew.

use std::collections::BTreeMap;
use std::path::Path;

use clap_complete::Shell;
use msvc::cli::{completions, definition};
use msvc::project::schema::project_schema;

fn wanted() -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    for (shell, file) in [
        (Shell::Bash, "msvc.bash"),
        (Shell::Zsh, "_msvc"),
        (Shell::Fish, "msvc.fish"),
        (Shell::PowerShell, "_msvc.ps1"),
        (Shell::Elvish, "msvc.elv"),
    ] {
        files.insert(format!("completions/{file}"), completions::script(shell));
    }
    files.insert("completions/man/msvc.1".to_owned(), completions::page(None).unwrap());
    for command in definition().get_subcommands() {
        let name = command.get_name();
        files.insert(format!("completions/man/msvc-{name}.1"), completions::page(Some(name)).unwrap());
    }
    let schema = format!("{:#}\n", project_schema().to_value());
    files.insert("docs/msvc.schema.json".to_owned(), schema.into_bytes());
    files
}

#[test]
fn generated_files_are_current() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut stale = Vec::new();
    for (path, bytes) in wanted() {
        let file = root.join(&path);
        if std::fs::read(&file).is_ok_and(|there| there == bytes) {
            continue;
        }
        if std::env::var_os("UPDATE_GENERATED").is_some() {
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(&file, bytes).unwrap();
        } else {
            stale.push(path);
        }
    }
    assert!(stale.is_empty(), "drifted: {}; write them anew with `just generate`", stale.join(", "));
}

#[test]
fn no_generated_file_is_left_over() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let wanted = wanted();
    let mut left = Vec::new();
    for folder in ["completions", "completions/man"] {
        for entry in std::fs::read_dir(root.join(folder)).unwrap().map(Result::unwrap) {
            let path = format!("{folder}/{}", entry.file_name().to_str().unwrap());
            if entry.path().is_file() && !wanted.contains_key(&path) {
                left.push(path);
            }
        }
    }
    assert!(left.is_empty(), "nothing generates {}", left.join(", "));
}
