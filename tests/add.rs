//! `msvc add`: what it brings into a project, what it keeps, what it refuses, and that it leaves nothing half done.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use tempfile::TempDir;

use crate::support::{Msvc, Output};

/// A project whose only entity is `order`.
fn project() -> (TempDir, PathBuf) {
    let parent = tempfile::tempdir().unwrap();
    let fields = "fields=customer:string:length=1..120 total:decimal=10,2";
    Msvc::new(parent.path(), &["new", "orders", "--yes", "-q", "--set", fields]).run().success();
    let dir = parent.path().join("orders");
    (parent, dir)
}

fn add(dir: &Path, args: &[&str]) -> Output {
    Msvc::new(dir, &[&["add", "entity"], args].concat()).run()
}

fn git(dir: &Path, args: &[&str]) -> String {
    let identity = ["-c", "user.name=Test", "-c", "user.email=test@example.org"];
    let output = Command::new("git").args(identity).args(args).current_dir(dir).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// What git sees of the project: each file that is not as it was committed.
fn changed(dir: &Path) -> String {
    git(dir, &["status", "--porcelain", "--untracked-files=all"])
}

/// What differs from the commit, without the hashes of files, which change with every word in a template.
fn diff(dir: &Path, paths: &[&str]) -> String {
    let diff = git(dir, &[&["diff", "-U2", "--"], paths].concat());
    diff.lines().filter(|line| !line.starts_with("index ")).flat_map(|line| [line, "\n"]).collect()
}

/// Every file of the project but git's and what git ignores.
fn files(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let list = git(dir, &["ls-files", "--cached", "--others", "--exclude-standard"]);
    let present = list.lines().filter(|path| dir.join(path).is_file());
    present.map(|path| (path.to_owned(), std::fs::read(dir.join(path)).unwrap())).collect()
}

/// Changes a file as a user would with an editor.
#[track_caller]
fn edit(dir: &Path, path: &str, from: &str, to: &str) {
    let text = std::fs::read_to_string(dir.join(path)).unwrap();
    assert!(text.contains(from), "{path} holds no {from:?}:\n{text}");
    std::fs::write(dir.join(path), text.replacen(from, to, 1)).unwrap();
}

fn read(dir: &Path, path: &str) -> String {
    std::fs::read_to_string(dir.join(path)).unwrap()
}

const CUSTOMER: [&str; 4] = ["customer", "name:string:length=1..80", "born:date:optional", "extra:json:optional"];

#[test]
fn an_entity_is_added_to_code_that_nobody_touched() {
    let (_parent, dir) = project();
    let migration = read(&dir, "migrations/sqlite/0002_create_orders.sql");
    let dry = add(&dir, &[&CUSTOMER[..], &["--dry-run"]].concat()).success();
    assert_eq!(changed(&dir), "", "--dry-run changes nothing");
    let done = add(&dir, &CUSTOMER).success();
    insta::assert_snapshot!(format!("{dry}\n{done}\n{}", changed(&dir)));
    insta::assert_snapshot!(
        "an_entity_is_added_diff",
        diff(&dir, &["msvc.yaml", "Cargo.toml", "src", "README.md", "tests"])
    );
    assert_eq!(read(&dir, "migrations/sqlite/0002_create_orders.sql"), migration);
    let again = add(&dir, &CUSTOMER).success();
    assert_eq!(again.stdout, "orders is up to date with entity customer: nothing to do\n");

    git(&dir, &["add", "."]);
    git(&dir, &["commit", "-qm", "customers"]);
    let more =
        add(&dir, &["customer", "vip:boolean:default=false", "note:text:optional", "--output", "json"]).success();
    let parse = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
    let schema = parse(&Msvc::new(&dir, &["schema", "add"]).run().success().stdout);
    jsonschema::validate(&schema, &parse(&more.stdout)).unwrap();
    insta::assert_snapshot!("fields_are_added", more.stdout);
    for database in ["sqlite", "postgres"] {
        let file = format!("migrations/{database}/0004_change_customers.sql");
        insta::assert_snapshot!(format!("fields_are_added_{database}"), read(&dir, &file));
    }
    let migrations: String = changed(&dir).lines().filter(|line| line.contains("migrations")).collect();
    let expected = ["postgres", "sqlite"].map(|database| format!("?? migrations/{database}/0004_change_customers.sql"));
    assert_eq!(migrations, expected.concat(), "old migrations stay as they are");
}

#[test]
fn what_is_added_is_what_a_new_project_with_all_of_it_would_hold() {
    let (_parent, dir) = project();
    add(&dir, &CUSTOMER).success();
    let declared = read(&dir, "msvc.yaml");
    // The same msvc.yaml, written by hand from the start.
    let (_other, from_hand) = project();
    std::fs::write(from_hand.join("msvc.yaml"), declared).unwrap();
    add(&from_hand, &["customer"]).success();
    assert_eq!(files(&dir), files(&from_hand));
}

#[test]
fn a_service_that_exists_begins_to_hear_events() {
    let (_parent, dir) = project();
    add(&dir, &CUSTOMER).success();
    git(&dir, &["add", "."]);
    git(&dir, &["commit", "-qm", "customers"]);
    edit(&dir, "msvc.yaml", "deploy:", "subscribes: [payment.settled]\ndeploy:");
    add(&dir, &["order"]).success();
    insta::assert_snapshot!(changed(&dir));
    // The first number that is free, and no second time.
    let again = add(&dir, &["order"]).success();
    assert_eq!(again.stdout, "orders is up to date with entity order: nothing to do\n");
}

#[test]
fn edits_by_hand_are_kept() {
    let (_parent, dir) = project();
    edit(&dir, "msvc.yaml", "entities:", "# What we sell.\nentities: # more to come");
    edit(&dir, "src/lib.rs", "pub mod order;\n", "pub mod order;\npub mod own;\n");
    edit(&dir, "src/lib.rs", "    api\n", "    api = api.merge(own::routes());\n    api\n");
    std::fs::write(dir.join("src/own.rs"), "//! Ours.\n").unwrap();
    edit(&dir, "src/order/store.rs", "LIMIT $2", "LIMIT $2 -- ours");
    edit(&dir, "Cargo.toml", "serde = ", "chrono = \"0.4.1\" # ours\nserde = ");
    edit(&dir, "README.md", "## Test", "## Ours\n\n## Test");
    edit(&dir, "openapi.json", "  \"paths\": {\n", "  \"paths\": {\n    \"/a\": {},\n");
    std::fs::remove_file(dir.join("clippy.toml")).unwrap();
    std::fs::remove_file(dir.join("tests/it/main.rs")).unwrap();
    for database in ["sqlite", "postgres"] {
        std::fs::write(dir.join(format!("migrations/{database}/0007_ours.sql")), "SELECT 1;\n").unwrap();
    }
    git(&dir, &["add", "."]);
    git(&dir, &["commit", "-qm", "ours"]);
    let done = add(&dir, &CUSTOMER).success();
    let shown = ["msvc.yaml", "Cargo.toml", "src/lib.rs", "README.md"];
    insta::assert_snapshot!(format!("{done}\n{}", diff(&dir, &shown)));
    assert!(read(&dir, "src/order/store.rs").contains("-- ours"));
    let document: serde_json::Value = serde_json::from_str(&read(&dir, "openapi.json")).unwrap();
    let paths: Vec<&String> = document["paths"].as_object().unwrap().keys().collect();
    assert_eq!(paths, ["/a", "/customers", "/customers/{id}", "/orders", "/orders/{id}"]);
    assert!(dir.join("migrations/sqlite/0008_create_customers.sql").is_file());
    assert!(!dir.join("clippy.toml").exists() && !dir.join("tests/it/main.rs").exists());
}

#[test]
fn changes_that_exclude_each_other_are_refused_or_marked() {
    let (_parent, dir) = project();
    edit(
        &dir,
        "src/order/model.rs",
        "    pub total: Decimal<10, 2>,\n    pub created_at",
        "    pub total: Ours,\n    pub created_at",
    );
    std::fs::create_dir(dir.join("src/customer")).unwrap();
    std::fs::write(dir.join("src/customer/mod.rs"), "//! Ours.\n").unwrap();
    let before = files(&dir);
    let refused = add(&dir, &["order", "note:text:optional", "due:date:optional"]);
    assert_eq!(files(&dir), before);
    let taken = add(&dir, &CUSTOMER);
    assert_eq!(files(&dir), before);
    let marked = add(&dir, &["order", "note:text:optional", "due:date:optional", "--write-conflicts"]);
    let model = read(&dir, "src/order/model.rs");
    let from = model.find("<<<<<<<").unwrap();
    insta::assert_snapshot!(format!(
        "{refused}\n{taken}\n{marked}\n{}",
        &model[from..model.find("created_at").unwrap()]
    ));
}

#[test]
fn what_cannot_be_done_is_one_clear_error_and_nothing_is_written() {
    let (parent, dir) = project();
    let elsewhere = tempfile::tempdir().unwrap();
    let before = files(&dir);
    let cases: &[&[&str]] = &[
        &[],
        &["Customer", "name:string"],
        &["type", "name:string"],
        &["customer"],
        &["customer", "name:strin"],
        &["customer", "name:string", "name:text"],
        &["customer", "id:uuid"],
        &["customer", "born:date:default=soon"],
        &["order", "total:integer"],
        &["order", "due:date"],
        &["order", "code:string:unique:default=x"],
        &["order-input", "name:string"],
        &["orders", "name:string", "-C", "../nowhere"],
    ];
    let mut told = String::new();
    for case in cases {
        let output = add(&dir, case);
        assert_eq!(output.code, Some(2), "{case:?}: {output}");
        assert_eq!(files(&dir), before, "{case:?}");
        told += &format!("$ msvc add entity {}\n{}\n", case.join(" "), output.stderr);
    }
    let outside = add(elsewhere.path(), &CUSTOMER);
    assert_eq!(outside.code, Some(2));
    let place = elsewhere.path().canonicalize().unwrap().display().to_string();
    told += &format!("# not in a project\n{}\n", outside.stderr.replace(&place, "[dir]"));

    edit(&dir, "msvc.yaml", "entities:\n  order:\n", "entities: &e\n  ? order\n  :\n");
    told += &format!("# written in an odd way\n{}\n", add(&dir, &CUSTOMER).stderr);
    git(&dir, &["checkout", "-q", "msvc.yaml"]);
    edit(&dir, "msvc.yaml", "      total: { type: decimal, digits: 10, scale: 2 }\n", "");
    told += &format!("# a field was taken out\n{}\n", add(&dir, &["order"]).stderr);
    git(&dir, &["checkout", "-q", "msvc.yaml"]);
    std::fs::write(dir.join(".msvc/base.tar.gz"), "no archive").unwrap();
    told += &format!("# .msvc/base.tar.gz is damaged\n{}\n", add(&dir, &CUSTOMER).stderr);
    std::fs::remove_dir_all(dir.join(".msvc")).unwrap();
    told += &format!("# .msvc is gone\n{}\n", add(&dir, &CUSTOMER).stderr);
    drop(parent);
    insta::assert_snapshot!(told);
}

#[test]
fn a_service_without_data_gets_no_entity() {
    let parent = tempfile::tempdir().unwrap();
    Msvc::new(parent.path(), &["new", "greeter", "--yes", "-q", "--set", "store=none"]).run().success();
    let dir = parent.path().join("greeter");
    let refused = add(&dir, &["order", "item:string"]);
    assert_eq!(changed(&dir), "");
    insta::assert_snapshot!(refused.transcript(), @r"
    exit code 2
    --- stderr
    error: service `greeter` stores nothing: it can't have entities
    cause: msvc.yaml says `store: none`
    hint: entities live in a service that stores: make one with `msvc new NAME --set store=sql`
    ");
}

#[test]
fn killed_at_any_moment_it_changed_nothing_or_is_completed_by_the_next_run() {
    let (_parent, dir) = project();
    edit(&dir, "src/order/store.rs", "LIMIT $2", "LIMIT $2 -- ours");
    git(&dir, &["commit", "-qam", "ours"]);
    let args = [&["add", "entity"], &CUSTOMER[..], &["-q"]].concat();
    let before = files(&dir);
    Msvc::new(&dir, &args).run().success();
    let after = files(&dir);
    let (mut early, mut broken_off) = (0, 0);
    for round in 0..40_u64 {
        git(&dir, &["checkout", "-q", "."]);
        git(&dir, &["clean", "-qfd"]);
        let mut child = Msvc::new(&dir, &args).command().spawn().unwrap();
        std::thread::sleep(Duration::from_micros(round * 2500));
        child.kill().unwrap();
        child.wait().unwrap();
        let pending = dir.join(".msvc/run/pending").exists();
        let now = files(&dir);
        early += u32::from(now == before && !pending);
        broken_off += u32::from(pending);
        assert!(now == before || now == after || pending, "round {round}: half a change, and nothing to complete it");
        Msvc::new(&dir, &args).run().success();
        assert_eq!(files(&dir), after, "round {round}");
    }
    assert!(early > 0, "no run was killed early enough to prove anything ({broken_off} in between)");
}

#[test]
fn the_template_that_made_the_project_is_used_again() {
    let dir = tempfile::tempdir().unwrap();
    let template = dir.path().join("templates/mine");
    std::fs::create_dir_all(&template).unwrap();
    let write = |name: &str, text: &str| std::fs::write(template.join(name), text).unwrap();
    write(
        "template.yaml",
        "name: mine\ndescription: Ours\nversion: 1.0.0\nfiles:\n- { glob: '*entity*', each: entities }\n",
    );
    write("msvc.yaml", "apiVersion: msvc/v1\nkind: Service\nname: {= name =}\ntemplate: { name: mine }\n");
    write("{= entity.module =}.txt", "one\n");
    git(&dir.path().join("templates"), &["init", "-q"]);
    git(&dir.path().join("templates"), &["add", "."]);
    git(&dir.path().join("templates"), &["commit", "-qm", "one"]);
    let url = format!("file://{}#:mine", dir.path().join("templates").display());
    Msvc::new(dir.path(), &["new", "from-git", "--template", &url]).run().success();
    Msvc::new(dir.path(), &["new", "from-folder", "--into", "deep", "--template", "./templates/mine"]).run().success();

    write("{= entity.module =}.txt", "two\n");
    git(&dir.path().join("templates"), &["commit", "-qam", "two"]);
    add(&dir.path().join("from-git"), &CUSTOMER).success();
    assert_eq!(read(dir.path(), "from-git/customer.txt"), "one\n", "the commit on record is taken");
    add(&dir.path().join("deep/from-folder"), &CUSTOMER).success();
    assert_eq!(read(dir.path(), "deep/from-folder/customer.txt"), "two\n");

    std::fs::remove_dir_all(dir.path().join("templates")).unwrap();
    for project in ["from-git", "deep/from-folder"] {
        let gone = add(&dir.path().join(project), &["other", "a:string"]);
        assert_ne!(gone.code, Some(0), "{gone}");
        let hint = "hint: the project was made from template `";
        assert!(gone.stderr.contains(hint) && gone.stderr.contains(".msvc/lock.yaml"), "{gone}");
    }
}
