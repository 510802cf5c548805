//! Every template's Cargo.lock.tera fits each combination of its options to the letter: `cargo --locked` takes it.
//!
//! Nobody writes these files. `UPDATE_LOCKS=1 cargo test --test it locks` (`just locks`) renders all combinations, lets
//! cargo resolve each from one lock that holds what any template has ever locked, so that no version moves, and writes
//! what they share plainly and what only some have under a condition.

mod condition;
mod file;

use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;

use msvc::scaffold::cargo_lock::Lock;
use msvc::scaffold::render::render;
use msvc::scaffold::source::{self, Source};
use msvc::scaffold::tree::Tree;

use crate::support::combinations::{self, Combination};

const FILE: &str = "Cargo.lock.tera";

/// What the service is called; the lock's template has its name there.
const NAME: &str = "service-whose-name-is-put-in";

/// Where cargo notes what the compiler tells of itself, instead of asking it each time.
const NOTES: &str = concat!(env!("CARGO_TARGET_TMPDIR"), "/locks");

fn templates() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut templates: Vec<PathBuf> = entries.filter(|path| path.join("template.yaml").is_file()).collect();
    templates.sort();
    templates
}

fn load(template: &Path) -> Source {
    source::load(template.to_str().unwrap()).unwrap()
}

/// Writes what a combination renders to.
fn write(files: &Tree, dir: &Path) {
    for (path, entry) in files.iter() {
        let file = dir.join(path);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, &entry.bytes).unwrap();
    }
}

/// Runs cargo in a rendered project; gives what it complained of.
fn cargo(dir: &Path, args: &[&str]) -> Result<(), String> {
    let mut cargo = Command::new(env!("CARGO"));
    let output = cargo.args(args).current_dir(dir).env("CARGO_TARGET_DIR", NOTES).output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    if output.status.success() { Ok(()) } else { Err(told) }
}

/// What cargo makes of `known` for one combination. Only what is in no lock yet is looked for in the registry.
fn resolve(source: &Source, combination: &Combination, known: &Lock) -> String {
    let mut bare = source.clone();
    bare.files.remove(FILE);
    let dir = tempfile::tempdir().unwrap();
    write(&render(&bare, NAME, &combination.answers).unwrap().files, dir.path());
    let lock = dir.path().join("Cargo.lock");
    std::fs::write(&lock, known.text()).unwrap();
    let update = ["update", "--workspace", "--quiet"];
    if cargo(dir.path(), &[&update[..], &["--offline"]].concat()).is_err() {
        std::fs::write(&lock, known.text()).unwrap();
        cargo(dir.path(), &update).unwrap();
        cargo(dir.path(), &["fetch", "--quiet"]).unwrap();
    }
    std::fs::read_to_string(lock).unwrap()
}

/// All packages that the templates lock now, in any combination.
fn locked_now() -> Lock {
    let mut known = Lock::default();
    for template in templates() {
        let source = load(&template);
        for combination in combinations::of(&source.manifest) {
            // Each on its own is a lock as cargo writes it; the template itself is none.
            let files = render(&source, NAME, &combination.answers).unwrap().files;
            let lock = files.get("Cargo.lock").map(|entry| Lock::parse(std::str::from_utf8(&entry.bytes).unwrap()));
            known.extend(&lock.unwrap_or_default());
        }
    }
    known
}

fn update() {
    let mut known = locked_now();
    for template in templates() {
        let source = load(&template);
        let all = combinations::of(&source.manifest);
        // What a later combination adds must not be resolved differently in an earlier one.
        let mut resolved: Vec<String> = Vec::new();
        loop {
            let before = known.clone();
            resolved.clear();
            for combination in &all {
                let text = resolve(&source, combination, &known);
                known.extend(&Lock::parse(&text));
                resolved.push(text);
            }
            if known == before {
                break;
            }
        }
        let text = file::template(&all, &resolved).replace(NAME, "{= name =}");
        std::fs::write(template.join(FILE), text).unwrap();
    }
}

/// All that cargo goes by when it judges a lock, which many combinations have in common.
fn manifests_and_lock(files: &Tree) -> Vec<u8> {
    let mut all = Vec::new();
    for (path, entry) in files.iter().filter(|(path, _)| path.ends_with("Cargo.toml") || *path == "Cargo.lock") {
        all.extend([path.as_bytes(), &entry.bytes].concat());
    }
    all
}

/// Combinations whose lock cargo would change, and what it says. `seen` is what needs no second look.
fn unfit(all: &[(&Source, Combination)], seen: &Mutex<HashSet<Vec<u8>>>) -> Vec<(String, String)> {
    let told = |(source, combination): &(&Source, Combination)| {
        let files = render(source, NAME, &combination.answers).unwrap().files;
        if !seen.lock().unwrap().insert(manifests_and_lock(&files)) {
            return None;
        }
        let dir = tempfile::tempdir().unwrap();
        write(&files, dir.path());
        let told = cargo(dir.path(), &["metadata", "--locked", "--quiet", "--format-version", "1"]).err()?;
        Some((format!("{} with {}", source.manifest.name, combination.shown()), told))
    };
    all.iter().filter_map(told).collect()
}

#[test]
fn locks_of_all_templates_fit_every_combination_of_options() {
    std::fs::create_dir_all(NOTES).unwrap();
    if std::env::var_os("UPDATE_LOCKS").is_some() {
        update();
    }
    let sources: Vec<Source> = templates().iter().map(|template| load(template)).collect();
    let mut all = Vec::new();
    for source in &sources {
        all.extend(combinations::of(&source.manifest).into_iter().map(|combination| (source, combination)));
    }
    let seen = &Mutex::default();
    let wrong: BTreeMap<String, String> = std::thread::scope(|scope| {
        // Most of the time cargo reads files.
        let some = |part| scope.spawn(move || unfit(part, seen));
        let parts: Vec<_> = all.chunks(all.len().div_ceil(4)).map(some).collect();
        parts.into_iter().flat_map(|part| part.join().unwrap()).collect()
    });
    assert!(wrong.is_empty(), "write them anew with `just locks`: {wrong:#?}");
}
