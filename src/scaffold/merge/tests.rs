//! The decision for every combination of the three sides, and what is merged by more than lines.

use std::fmt::Write;

use super::{Change, Rules, merge};
use crate::scaffold::manifest::Manifest;
use crate::scaffold::tree::{Entry, Tree};

fn rules() -> Rules {
    let text = "{ name: x, description: x, version: 1.0.0, append_only: ['migrations/**'], lists: ['list*'] }";
    Rules::of(&Manifest::parse(text, "template.yaml").unwrap()).unwrap()
}

fn one(path: &str, base: Option<&str>, ours: Option<&str>, theirs: Option<&str>) -> Option<Change> {
    let tree = |text: Option<&str>| {
        let mut tree = Tree::default();
        tree.extend(text.map(|text| (path.to_owned(), Entry::file(text.as_bytes()))));
        tree
    };
    merge(&tree(base), &tree(ours), &tree(theirs), &rules()).unwrap().pop()
}

fn told(change: Option<Change>) -> String {
    change.map_or("nothing".to_owned(), |c| {
        let text = c.entry.map(|entry| String::from_utf8(entry.bytes).unwrap());
        format!("{:?} {}", c.action, text.unwrap_or_default()).trim_end().to_owned()
    })
}

#[test]
fn every_combination_of_the_three_sides_is_decided() {
    let sides = [None, Some("a\n"), Some("b\n"), Some("c\n")];
    let mut table = String::new();
    for base in &sides[..2] {
        for ours in sides {
            for theirs in sides {
                let shown = |side: Option<&str>| side.unwrap_or("-").trim_end().to_owned();
                let decided = told(one("file", *base, ours, theirs)).replace('\n', "|");
                let _ = writeln!(table, "{} {} {}: {decided}", shown(*base), shown(ours), shown(theirs));
            }
        }
    }
    insta::assert_snapshot!(table);
}

#[test]
fn what_was_written_once_and_may_only_be_added_to_never_changes() {
    assert_eq!(told(one("migrations/1.sql", Some("a"), Some("a"), Some("b"))), "nothing");
    assert_eq!(told(one("migrations/1.sql", Some("a"), Some("a"), None)), "nothing");
    assert_eq!(told(one("migrations/1.sql", None, None, Some("b"))), "Create b");
}

#[test]
fn lists_take_what_both_sides_add() {
    let sides = (Some("a\nz\n"), Some("a\nmine\nz\n"), Some("a\nnew\nz\n"));
    assert_eq!(told(one("list", sides.0, sides.1, sides.2)), "Merge a\nmine\nnew\nz");
    assert!(told(one("other", sides.0, sides.1, sides.2)).starts_with("Conflict a\n<<<<<<< yours\n"));
}

#[test]
fn modules_that_both_sides_add_are_sorted() {
    let texts = ["b;\n", "b;\npub mod own;\n", "b;\nmod d;\n"]
        .map(|text| format!("//! x\n\nmod a;\n\nmod {text}\nfn f() {{}}\n"));
    let change = one("list.rs", Some(&texts[0]), Some(&texts[1]), Some(&texts[2]));
    assert_eq!(told(change), "Merge //! x\n\nmod a;\n\nmod b;\nmod d;\npub mod own;\n\nfn f() {}");
}

#[test]
fn json_is_merged_by_its_keys() {
    let text = |json: &str| format!("{:#}\n", serde_json::from_str::<serde_json::Value>(json).unwrap());
    let merged = |base: &str, ours: &str, theirs: &str| {
        let change = one("a.json", Some(&text(base)), Some(&text(ours)), Some(&text(theirs)));
        let told = told(change);
        told.strip_prefix("Merge ")
            .map_or(told.clone(), |json| serde_json::from_str::<serde_json::Value>(json).unwrap().to_string())
    };
    let base = r#"{"z":1,"p":{"/b":{}}}"#;
    assert_eq!(
        merged(base, r#"{"z":1,"p":{"/b":{},"/m":1}}"#, r#"{"z":1,"p":{"/a":2,"/b":{},"/c":3}}"#),
        r#"{"z":1,"p":{"/a":2,"/b":{},"/c":3,"/m":1}}"#
    );
    assert_eq!(
        merged(base, r#"{"z":1,"p":{},"mine":1}"#, r#"{"z":2,"p":{"/b":{}},"new":1}"#),
        r#"{"z":2,"p":{},"mine":1,"new":1}"#
    );
    assert!(merged(base, r#"{"z":2,"p":{}}"#, r#"{"z":3,"p":{}}"#).starts_with("Conflict"));
}

#[test]
fn a_dependency_is_not_added_twice() {
    let base = "[dependencies]\nanyhow = \"1\"\ntokio = \"1\"\n\n[dev-dependencies]\nuuid = \"1\"\n";
    let ours = "[dependencies]\nanyhow = \"1\"\ntokio = \"1\"\nuuid = \"1.9\"\n\n[dev-dependencies]\nuuid = \"1\"\n";
    let theirs =
        "[dependencies]\nanyhow = \"1\"\nchrono = \"0.4\"\ntokio = \"1\"\nuuid = \"1\"\n\n[dev-dependencies]\n";
    assert_eq!(
        told(one("Cargo.toml", Some(base), Some(ours), Some(theirs))),
        "Merge [dependencies]\nanyhow = \"1\"\nchrono = \"0.4\"\ntokio = \"1\"\nuuid = \"1.9\"\n\n[dev-dependencies]"
    );
}
