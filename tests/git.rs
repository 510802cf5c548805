//! Git as msvc reads it, against repositories that the git command makes.

use std::path::Path;
use std::process::Command;

use msvc::git;

fn run(dir: &Path, args: &[&str]) -> String {
    let output = Command::new("git")
        .args(["-c", "user.name=Test", "-c", "user.email=test@example.org"])
        .args(args)
        .current_dir(dir)
        .output()
        .unwrap();
    assert!(output.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

fn project() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(dir.path().join("orders/src")).unwrap();
    std::fs::write(dir.path().join("orders/src/main.rs"), "fn main() {}\n").unwrap();
    std::fs::write(dir.path().join("orders/.gitignore"), "/target/\n").unwrap();
    dir
}

#[test]
fn a_new_repository_holds_one_commit_of_everything_not_ignored() {
    let dir = project();
    let orders = dir.path().join("orders");
    std::fs::create_dir(orders.join("target")).unwrap();
    std::fs::write(orders.join("target/built"), "x").unwrap();
    assert!(!git::inside_repository(&orders));
    git::init(&orders).unwrap();
    assert!(git::inside_repository(&orders.join("not/yet/there")));
    assert_eq!(run(&orders, &["status", "--porcelain"]), "");
    assert_eq!(run(&orders, &["branch", "--show-current"]), "main");
    assert_eq!(run(&orders, &["ls-files"]), ".gitignore\nsrc/main.rs");
    let revision = git::describe(&orders).unwrap().unwrap();
    assert_eq!(revision.commit, run(&orders, &["rev-parse", "HEAD"]));
    assert_eq!((revision.tag, revision.dirty, revision.remote), (None, None, None));
}

#[test]
fn only_what_lies_below_the_folder_makes_it_dirty_and_the_hash_follows_the_content() {
    let dir = project();
    let orders = dir.path().join("orders");
    std::fs::write(dir.path().join("other"), "1").unwrap();
    git::init(dir.path()).unwrap();
    run(dir.path(), &["tag", "v1.9.0"]);
    run(dir.path(), &["tag", "-a", "v1.10.0", "-m", "annotated"]);
    run(dir.path(), &["remote", "add", "origin", "https://me:secret@example.org/acme/orders.git"]);
    std::fs::write(dir.path().join("other"), "2").unwrap();
    let clean = git::describe(&orders).unwrap().unwrap();
    assert_eq!(clean.dirty, None);
    assert_eq!(clean.tag.as_deref(), Some("v1.10.0"));
    assert_eq!(clean.remote.as_deref(), Some("https://example.org/acme/orders"));

    let dirty = |text: &str| {
        std::fs::write(orders.join("src/new.rs"), text).unwrap();
        git::describe(&orders).unwrap().unwrap().dirty.unwrap()
    };
    let first = dirty("// 1\n");
    let second = dirty("// 2\n");
    assert_ne!(first, second);
    assert_eq!(dirty("// 1\n"), first);
    run(dir.path(), &["add", "-A"]);
    assert_eq!(git::describe(&orders).unwrap().unwrap().dirty.unwrap(), first, "staging changes nothing");
    std::fs::remove_file(orders.join("src/main.rs")).unwrap();
    assert_ne!(git::describe(&orders).unwrap().unwrap().dirty.unwrap(), first, "a file gone is a difference");
}

#[test]
fn without_git_the_content_has_a_hash_that_ignores_what_gitignore_names() {
    let dir = project();
    let orders = dir.path().join("orders");
    assert_eq!(git::describe(&orders).unwrap(), None);
    let before = git::content_hash(&orders).unwrap();
    std::fs::create_dir(orders.join("target")).unwrap();
    std::fs::write(orders.join("target/built"), "x").unwrap();
    assert_eq!(git::content_hash(&orders).unwrap(), before);
    std::fs::write(orders.join("src/main.rs"), "fn main() { }\n").unwrap();
    assert_ne!(git::content_hash(&orders).unwrap(), before);
}

#[test]
fn a_folder_that_the_repository_around_it_ignores_is_on_its_own() {
    let dir = project();
    std::fs::write(dir.path().join(".gitignore"), "/orders/\n").unwrap();
    git::init(dir.path()).unwrap();
    assert_eq!(git::describe(&dir.path().join("orders")).unwrap(), None);
}
