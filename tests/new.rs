//! `msvc new`: what it writes, what it refuses, and that it leaves nothing half done.

use std::path::Path;
use std::time::Duration;

use rexpect::session::{PtySession, spawn_command};

use crate::support::Msvc;

fn names(dir: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        std::fs::read_dir(dir).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn flags_and_an_answers_file_shape_msvc_yaml() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(
        dir.path().join("answers.yaml"),
        "entity: book\nfields:\n- title:string:length=1..200\n- price:decimal=8,2:minimum=0\nport: 8000\n",
    )
    .unwrap();
    let args = [
        "new",
        "library",
        "--yes",
        "--answers",
        "answers.yaml",
        "--set",
        "context=testbed",
        "--set",
        "registry=localhost:5000",
    ];
    Msvc::new(dir.path(), &args).run().success();
    let declared = std::fs::read_to_string(dir.path().join("library/msvc.yaml")).unwrap();
    insta::assert_snapshot!(declared);
}

#[test]
fn a_new_service_is_a_repository_with_one_commit_unless_it_lies_in_one() {
    let dir = tempfile::tempdir().unwrap();
    let first = Msvc::new(dir.path(), &["new", "orders", "--yes"]).run().success();
    insta::assert_snapshot!(first.transcript().replace(char::is_numeric, "N"));
    assert!(dir.path().join("orders/.git").is_dir());
    Msvc::new(&dir.path().join("orders"), &["new", "inner", "--yes"]).run().success();
    assert!(!dir.path().join("orders/inner/.git").exists());
    Msvc::new(dir.path(), &["new", "plain", "--yes", "--no-git"]).run().success();
    assert!(!dir.path().join("plain/.git").exists());
}

#[test]
fn the_same_answers_give_the_same_bytes() {
    let dir = tempfile::tempdir().unwrap();
    for parent in ["a", "b"] {
        Msvc::new(dir.path(), &["new", "orders", "--yes", "--no-git", "--into", parent]).run().success();
    }
    let diff = std::process::Command::new("diff").args(["-r", "a", "b"]).current_dir(dir.path()).output().unwrap();
    assert!(diff.status.success(), "{}", String::from_utf8_lossy(&diff.stdout));
}

#[test]
fn bad_input_is_one_clear_error_and_nothing_is_written() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("unknown.yaml"), "entity: order\ncolour: red\n").unwrap();
    std::fs::write(dir.path().join("broken.yaml"), "entity: [order\n").unwrap();
    let bomb = "a: &a [x, x, x, x, x, x, x, x, x]\nb: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a]\nc: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b]\nd: &d [*c, *c, *c, *c, *c, *c, *c, *c, *c]\ne: &e [*d, *d, *d, *d, *d, *d, *d, *d, *d]\nf: &f [*e, *e, *e, *e, *e, *e, *e, *e, *e]\ng: &g [*f, *f, *f, *f, *f, *f, *f, *f, *f]\nh: [*g, *g, *g, *g, *g, *g, *g, *g, *g]\n";
    std::fs::write(dir.path().join("bomb.yaml"), bomb).unwrap();
    let before = names(dir.path());
    let cases: &[&[&str]] = &[
        &["new"],
        &["new", "Orders"],
        &["new", "orders_api"],
        &["new", "1st"],
        &["new", "type"],
        &["new", "core"],
        &["new", "axum"],
        &["new", "a-name-that-is-much-too-long-for-a-label-in-the-dns"],
        &["new", "orders", "--template", "rset"],
        &["new", "orders", "--template", "./nowhere"],
        &["new", "orders", "--set", "prot=1"],
        &["new", "orders", "--set", "port"],
        &["new", "orders", "--set", "port=many"],
        &["new", "orders", "--set", "port=0"],
        &["new", "orders", "--set", "port=70000"],
        &["new", "orders", "--set", "entity=Order"],
        &["new", "orders", "--set", "fields=total:decimals"],
        &["new", "orders", "--set", "fields=status:enum"],
        &["new", "orders", "--set", "fields=a:string a:text"],
        &["new", "orders", "--set", "store=sqlite"],
        &["new", "orders", "--set", "store=none", "--set", "entity=order"],
        &["new", "orders", "--set", "store=none", "--set", "auth=jwt"],
        &["new", "orders", "--set", "auth=jwd"],
        &["new", "orders", "--set", "auth=jwt", "--set", "entity=user"],
        &["new", "orders", "--set", "auth=jwt", "--set", "entity=token-pair"],
        &["new", "orders", "--answers", "unknown.yaml"],
        &["new", "orders", "--answers", "broken.yaml"],
        &["new", "orders", "--answers", "bomb.yaml"],
        &["new", "orders", "--answers", "missing.yaml"],
    ];
    let mut told = String::new();
    for case in cases {
        let output = Msvc::new(dir.path(), case).run();
        assert_eq!(output.code, Some(2), "{case:?}: {output}");
        assert_eq!(names(dir.path()), before, "{case:?}");
        told += &format!("$ msvc {}\n{}\n", case.join(" "), output.stderr);
    }
    insta::assert_snapshot!(told);
}

#[test]
fn what_is_there_is_never_touched() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(dir.path().join("orders")).unwrap();
    Msvc::new(dir.path(), &["new", "orders", "--yes"]).run().success();
    let again = Msvc::new(dir.path(), &["new", "orders", "--yes"]).run();
    std::fs::create_dir_all(dir.path().join("other")).unwrap();
    std::fs::write(dir.path().join("other/mine"), "").unwrap();
    let other = Msvc::new(dir.path(), &["new", "other", "--yes", "--output", "json"]).run();
    assert_eq!((again.code, other.code), (Some(2), Some(2)));
    insta::assert_snapshot!(format!("{}{}", again.transcript(), other.transcript()));
}

#[test]
fn killed_at_any_moment_the_target_is_whole_or_absent() {
    let dir = tempfile::tempdir().unwrap();
    Msvc::new(dir.path(), &["new", "whole", "--yes"]).run().success();
    let mut whole = 0;
    for round in 0..50u64 {
        let name = format!("orders{round}");
        let mut child = Msvc::new(dir.path(), &["new", &name, "--yes", "-q"]).command().spawn().unwrap();
        std::thread::sleep(Duration::from_micros(round * 700));
        child.kill().unwrap();
        child.wait().unwrap();
        let target = dir.path().join(&name);
        if target.exists() {
            whole += 1;
            assert!(target.join(".git/refs/heads/main").is_file(), "{name} has no commit");
            let count = |dir: &Path| {
                let list = std::process::Command::new("git").args(["ls-files"]).current_dir(dir).output().unwrap();
                let status = std::process::Command::new("git")
                    .args(["status", "--porcelain"])
                    .current_dir(dir)
                    .output()
                    .unwrap();
                (String::from_utf8(list.stdout).unwrap().lines().count(), String::from_utf8(status.stdout).unwrap())
            };
            assert_eq!(count(&target), count(&dir.path().join("whole")), "{name} is not whole");
        }
        // The next run takes away what the killed one left.
        Msvc::new(dir.path(), &["new", &name, "--yes", "-q"]).run();
    }
    assert!(whole < 50, "no run was killed early enough to prove anything");
    assert!(names(dir.path()).iter().all(|name| !name.starts_with('.')), "{:?}", names(dir.path()));
}

#[test]
fn a_template_of_ones_own_is_a_folder_or_lies_in_a_repository() {
    let dir = tempfile::tempdir().unwrap();
    let template = dir.path().join("templates/mine");
    std::fs::create_dir_all(template.join("bin")).unwrap();
    std::fs::write(
        template.join("template.yaml"),
        "name: mine\ndescription: Ours\nversion: 1.0.0\nvariables:\n- { name: greeting, type: choice, choices: [hello, hi], default: hello }\nfiles:\n- { glob: 'docs/*', when: { docs: true } }\n",
    )
    .unwrap();
    std::fs::write(template.join("msvc.yaml"), "apiVersion: msvc/v1\nkind: Service\nname: {= name =}\ntemplate: { name: mine, options: { greeting: {= greeting =} } }\n").unwrap();
    std::fs::write(template.join("bin/{= names.snake =}.sh"), "#!/bin/sh\necho {= answers.greeting =} ${{ kept }}\n")
        .unwrap();
    std::fs::create_dir(template.join("docs")).unwrap();
    std::fs::write(template.join("docs/off.md"), "not asked for").unwrap();
    std::fs::write(template.join("logo.bin"), [0xff, 0xfe, 0x00]).unwrap();

    Msvc::new(dir.path(), &["new", "my-shop", "--template", "./templates/mine", "--set", "greeting=hi"])
        .run()
        .success();
    let script = std::fs::read_to_string(dir.path().join("my-shop/bin/my_shop.sh")).unwrap();
    assert_eq!(script, "#!/bin/sh\necho hi ${{ kept }}\n");
    assert_eq!(names(&dir.path().join("my-shop")), [".git", ".msvc", "bin", "logo.bin", "msvc.yaml"]);

    let git = |args: &[&str]| {
        let identity = ["-c", "user.name=Test", "-c", "user.email=test@example.org"];
        assert!(
            std::process::Command::new("git")
                .args(identity)
                .args(args)
                .current_dir(dir.path().join("templates"))
                .output()
                .unwrap()
                .status
                .success()
        );
    };
    git(&["init", "-q"]);
    git(&["add", "."]);
    git(&["commit", "-qm", "one"]);
    git(&["tag", "v1"]);
    let url = format!("file://{}#v1:mine", dir.path().join("templates").display());
    Msvc::new(dir.path(), &["new", "from-git", "--template", &url]).run().success();
    let lock = std::fs::read_to_string(dir.path().join("from-git/.msvc/lock.yaml")).unwrap();
    assert!(lock.contains("commit: "), "{lock}");
    let wrong = Msvc::new(dir.path(), &["new", "never", "--template", &url.replace("v1", "v2")]).run();
    assert_eq!(wrong.code, Some(2), "{wrong}");
    assert!(wrong.stderr.contains("has no revision `v2`"), "{wrong}");
}

fn on_a_terminal(dir: &Path, args: &[&str]) -> PtySession {
    spawn_command(Msvc::new(dir, args).env("TERM", "xterm").command(), Some(20_000)).unwrap()
}

/// What is asked of a service that stores, behind its fields.
const OPTIONS: [&str; 4] =
    ["Accounts and tokens", "Events that it publishes", "Cache of records", "Traces for OpenTelemetry"];

#[test]
fn questions_are_asked_on_a_terminal_and_asked_again() {
    let dir = tempfile::tempdir().unwrap();
    let mut session = on_a_terminal(dir.path(), &["new"]);
    session.exp_string("Name of the service").unwrap();
    session.send_line("Bad Name").unwrap();
    session.exp_string("only a-z, 0-9 and - are allowed").unwrap();
    session.send_control('u').unwrap();
    session.send_line("books").unwrap();
    session.exp_string("Template").unwrap();
    session.send_line("").unwrap();
    session.exp_string("Data of its own").unwrap();
    session.send_line("").unwrap();
    session.exp_string("First entity").unwrap();
    session.send_line("book").unwrap();
    session.exp_string("Its fields").unwrap();
    session.send_line("title:strin").unwrap();
    session.exp_string("did you mean `string`?").unwrap();
    session.send_control('u').unwrap();
    session.send_line("title:string price:decimal=8,2").unwrap();
    for question in OPTIONS {
        session.exp_string(question).unwrap();
        session.send_line("").unwrap();
    }
    session.exp_string("Created").unwrap();
    session.exp_eof().unwrap();
    let declared = std::fs::read_to_string(dir.path().join("books/msvc.yaml")).unwrap();
    assert!(declared.contains("title: { type: string }"), "{declared}");
    assert!(declared.contains("price: { type: decimal, digits: 8, scale: 2 }"), "{declared}");
}

#[test]
fn pressing_enter_takes_the_defaults() {
    let dir = tempfile::tempdir().unwrap();
    let mut session = on_a_terminal(dir.path(), &["new"]);
    let service = ["Name of the service", "Template", "Data of its own", "First entity", "Its fields"];
    for question in service.into_iter().chain(OPTIONS) {
        session.exp_string(question).unwrap();
        session.send_line("").unwrap();
    }
    session.exp_string("Created").unwrap();
    session.exp_eof().unwrap();
    Msvc::new(dir.path(), &["new", "defaults", "--yes"]).run().success();
    let read = |name: &str| std::fs::read_to_string(dir.path().join(name).join("msvc.yaml")).unwrap();
    assert_eq!(read("orders"), read("defaults").replace("defaults", "orders"));
}

#[test]
fn ctrl_c_at_a_question_ends_with_130_and_writes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let mut session = on_a_terminal(dir.path(), &["new"]);
    session.exp_string("Name of the service").unwrap();
    session.send_line("").unwrap();
    session.exp_string("Template").unwrap();
    session.send_line("").unwrap();
    session.exp_string("Data of its own").unwrap();
    session.send_control('c').unwrap();
    session.exp_eof().unwrap();
    let status = session.process().wait().unwrap();
    assert!(matches!(status, rexpect::process::WaitStatus::Exited(_, 130)), "{status:?}");
    assert_eq!(names(dir.path()), Vec::<String>::new());
}
