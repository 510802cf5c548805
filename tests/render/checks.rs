//! What others say about rendered objects: the published schemas, checkov, and the API server itself.

use std::path::Path;
use std::process::Command;

use regex::Regex;
use serde::Deserialize;
use serde_json::Value;

use super::{projects, render};
use crate::support::tool;

#[derive(Deserialize)]
struct Exception {
    check: String,
    r#where: String,
    reason: String,
}

/// Every project in every environment as a file of YAML documents, with its name.
fn rendered(dir: &Path) -> Vec<String> {
    let mut files = Vec::new();
    for (name, project, environments) in projects::written() {
        for environment in environments {
            let file = format!("{name}-{environment}.yaml");
            let objects = render(project.path(), &["-e", environment]).success().stdout;
            std::fs::write(dir.join(&file), objects).unwrap();
            files.push(file);
        }
    }
    files
}

/// Strictly, for the oldest version that is supported and for the newest that is known. The Gateway API has no
/// published schema there; the API server judges it below.
#[test]
#[cfg_attr(not(testbed), ignore = "needs TESTBED=1")]
fn objects_follow_the_published_schemas() {
    let dir = tempfile::tempdir().unwrap();
    for file in rendered(dir.path()) {
        let text = std::fs::read_to_string(dir.path().join(&file)).unwrap();
        let known: Vec<&str> = text.split("---\n").filter(|d| !d.contains("\nkind: HTTPRoute\n")).collect();
        std::fs::write(dir.path().join(&file), known.join("---\n")).unwrap();
        for version in ["1.33.0", "1.37.0"] {
            let output = tool("kubernetes-validate")
                .args(["--strict", "--quiet", "-k", version, &file])
                .current_dir(dir.path())
                .output()
                .unwrap();
            let said =
                format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
            assert!(output.status.success() && said.is_empty(), "{file}, {version}: {said}");
        }
    }
}

#[test]
#[cfg_attr(not(testbed), ignore = "needs TESTBED=1")]
fn checkov_finds_nothing_but_what_has_a_reason() {
    let exceptions: Vec<Exception> = serde_saphyr::from_str(include_str!("checkov.yaml")).unwrap();
    let mut unused: Vec<&str> = exceptions.iter().map(|e| e.check.as_str()).collect();
    let dir = tempfile::tempdir().unwrap();
    rendered(dir.path());
    let output = tool("checkov")
        .args(["--framework", "kubernetes", "--skip-download", "--compact", "--quiet", "-o", "json", "-d", "."])
        .current_dir(dir.path())
        .output()
        .unwrap();
    let report: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|e| panic!("{e}: {}", String::from_utf8_lossy(&output.stderr)));
    assert!(report["summary"]["passed"].as_u64().unwrap() > 100, "{}", report["summary"]);
    assert_eq!(report["summary"]["parsing_errors"], 0);
    let mut found = Vec::new();
    for failed in report["results"]["failed_checks"].as_array().unwrap() {
        let [check, resource, file] = ["check_id", "resource", "file_path"].map(|key| failed[key].as_str().unwrap());
        let excepted = exceptions
            .iter()
            .find(|e| e.check == check && !e.reason.is_empty() && Regex::new(&e.r#where).unwrap().is_match(resource));
        match excepted {
            Some(exception) => unused.retain(|check| *check != exception.check),
            None => found.push(format!("{check} {} {resource} {file}", failed["check_name"])),
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
    assert!(unused.is_empty(), "exceptions that nothing needs: {unused:?}");
}

/// A namespace of its own, where nothing runs that Pod Security "restricted" forbids; gone when dropped.
struct Namespace(String);

impl Namespace {
    fn new() -> Self {
        let name = format!("msvc-render-{:08x}", rand::random::<u32>());
        let object = serde_json::json!({ "apiVersion": "v1", "kind": "Namespace", "metadata": { "name": name,
            "labels": { "pod-security.kubernetes.io/enforce": "restricted",
                        "pod-security.kubernetes.io/warn": "restricted" } } });
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("namespace.json"), object.to_string()).unwrap();
        kubectl(dir.path(), &["create", "-f", "namespace.json"]);
        Self(name)
    }
}

impl Drop for Namespace {
    fn drop(&mut self) {
        let _ = Command::new("kubectl").args(["delete", "namespace", &self.0, "--wait=false"]).output();
    }
}

#[track_caller]
fn kubectl(dir: &Path, args: &[&str]) {
    let output = Command::new("kubectl").args(args).current_dir(dir).output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && told.is_empty(), "kubectl {args:?}: {told}");
}

/// Strict field validation and admission, Pod Security included; nothing is applied. Warnings count as refusals.
#[test]
#[cfg_attr(not(testbed), ignore = "needs TESTBED=1")]
fn the_api_server_would_take_every_object_as_it_is() {
    let namespace = Namespace::new();
    let declared = Regex::new(r"namespace: [a-z-]+").unwrap();
    for (name, dir, environments) in projects::written() {
        for file in ["msvc.yaml", "k8s/own.yaml"].map(|f| dir.path().join(f)) {
            let Ok(text) = std::fs::read_to_string(&file) else { continue };
            let moved = declared.replace_all(&text, format!("namespace: {}", namespace.0));
            std::fs::write(&file, moved.as_ref()).unwrap();
        }
        for environment in environments {
            let objects = render(dir.path(), &["-e", environment]).success().stdout;
            assert!(objects.contains(&namespace.0), "{name}");
            std::fs::write(dir.path().join("objects.yaml"), objects).unwrap();
            let args =
                ["apply", "--server-side", "--dry-run=server", "--validate=strict", "--warnings-as-errors", "-f"];
            kubectl(dir.path(), &[&args[..], &["objects.yaml"]].concat());
        }
    }
}
