//! The recipe of docs/blueprints.md, followed to the letter: what the page shows is written down, made and run.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use super::read;
use crate::support::Msvc;
use crate::support::generated::cargo;
use crate::support::systems::{SystemUp, requests};

const PAGE: &str = include_str!("../../docs/blueprints.md");

/// The files that the page shows: a line that is a path in backticks, and the block behind it.
fn files() -> Vec<(&'static str, String)> {
    let mut lines = PAGE.lines();
    let mut files = Vec::new();
    while let Some(line) = lines.next() {
        let path = line.strip_prefix('`').and_then(|line| line.strip_suffix('`'));
        let Some(path) = path.filter(|path| !path.contains(['`', ' '])) else { continue };
        let fence = lines.find(|line| !line.is_empty()).unwrap();
        let fence = fence.trim_end_matches(char::is_alphabetic);
        assert!(fence.starts_with("```"), "{path}: {fence}");
        let text = lines.by_ref().take_while(|line| *line != fence).map(|line| format!("{line}\n")).collect();
        files.push((path, text));
    }
    files
}

fn write(file: &Path, text: &str) {
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(file, text).unwrap();
    if file.extension().is_some_and(|extension| extension == "sh") {
        fs::set_permissions(file, Permissions::from_mode(0o755)).unwrap();
    }
}

#[test]
fn a_system_of_ones_own_is_made_as_the_page_says() {
    let parent = tempfile::tempdir().unwrap();
    let files = files();
    let names: Vec<&str> = files.iter().map(|(path, _)| *path).collect();
    let expected =
        ["blueprint.yaml", "services/vat/src/rates.rs", "services/vat/src/rates.tsv", "services/vat/src/lib.rs"];
    assert_eq!(names, [&expected[..], &["README.md", "requests.sh"]].concat());
    for (path, text) in &files {
        write(&parent.path().join("vat").join(path), text);
    }
    Msvc::new(parent.path(), &["new", "my-vat", "--blueprint", "./vat", "--yes"]).run().success();
    let dir = parent.path().join("my-vat");
    assert!(read(&dir, "README.md").ends_with("or 404.\n"));
    cargo(&dir, &["fmt", "--all", "--check"], &[]);
    let up = SystemUp::start(&dir, &[], &["vat"]);
    let told = requests(&dir, up.url("vat"));
    let rates: Vec<&str> = told.lines().take(2).collect();
    assert_eq!(rates, [r#"{"country":"de","percent":19} 200"#, r#"{"country":"dk","percent":25} 200"#]);
    assert!(told.ends_with(" 404\n"), "{told}");
    assert_eq!(up.stop().0, Some(0));
}
