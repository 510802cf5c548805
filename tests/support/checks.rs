//! What the members of a generated workspace must pass: clippy and their own tests, with one build for both.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Mutex;

use serde_json::Value;

use super::generated::settings;

/// Clippy runs with it: see the settings.
const BUILD: &str = "test --no-run --workspace --quiet --message-format json-render-diagnostics";

/// An executable with tests, and the folder of its package, in which cargo would run it.
struct Tests {
    executable: PathBuf,
    package: PathBuf,
}

/// Lints all members of the workspace in `dir`, and runs their tests; fails with what is wrong.
#[track_caller]
pub fn lint_and_test(dir: &Path, more: &[&str]) {
    let built = Command::new(env!("CARGO"))
        .args(BUILD.split(' ').chain(more.iter().copied()))
        .current_dir(dir)
        .envs(settings(dir))
        .output()
        .unwrap();
    assert!(built.status.success(), "{}: {}", dir.display(), String::from_utf8_lossy(&built.stderr));
    let messages = String::from_utf8(built.stdout).unwrap();
    let tests: Vec<Tests> = messages.lines().filter_map(|line| tests(&serde_json::from_str(line).unwrap())).collect();
    assert!(!tests.is_empty(), "no tests in {}", dir.display());
    run(tests);
}

/// The tests that a message of cargo tells of.
fn tests(message: &Value) -> Option<Tests> {
    let is_test = message["reason"] == "compiler-artifact" && message["profile"]["test"] == true;
    let package = Path::new(message["manifest_path"].as_str()?).parent()?.to_owned();
    let executable = message["executable"].as_str()?.into();
    is_test.then_some(Tests { executable, package })
}

/// Runs them a few at a time: many wait more than they work.
fn run(tests: Vec<Tests>) {
    let (left, failed) = (Mutex::new(tests), Mutex::new(String::new()));
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                loop {
                    let Some(next) = left.lock().unwrap().pop() else { return };
                    let output = Command::new(&next.executable).current_dir(&next.package).output().unwrap();
                    if !output.status.success() {
                        *failed.lock().unwrap() += &told(&next, &output);
                    }
                }
            });
        }
    });
    let failed = failed.into_inner().unwrap();
    assert!(failed.is_empty(), "{failed}");
}

fn told(tests: &Tests, output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    format!("tests of {}:\n{}{}", tests.package.display(), text(&output.stdout), text(&output.stderr))
}
