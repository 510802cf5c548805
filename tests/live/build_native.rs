//! `msvc build --builder native`: images that no engine has a hand in.

use std::path::Path;

use serde_json::Value;
use tempfile::TempDir;

use super::stage::{Project, Registry, output};
use crate::support::Msvc;

const REGISTRY: &str = "localhost:5000/msvc-test";
const BASE: &str = "localhost:5000/distroless/cc-debian12:nonroot";
/// Nobody listens there.
const NO_ENGINE: (&str, &str) = ("DOCKER_HOST", "unix:///nowhere/docker.sock");

/// A project whose image stands on a base that is here.
fn project(base: &str) -> Project {
    let project = Project::new(REGISTRY);
    std::fs::remove_file(project.path().join("Dockerfile")).unwrap();
    let declared = std::fs::read_to_string(project.path().join("msvc.yaml")).unwrap();
    project.write("msvc.yaml", &format!("{declared}image: {{ builder: native, base: '{base}' }}\n"));
    project
}

/// `msvc build` without an engine in reach.
fn build(msvc: Msvc) -> Value {
    let output = msvc.env(NO_ENGINE.0, NO_ENGINE.1).run().success();
    serde_json::from_str(&output.stdout).unwrap()
}

fn pushed(project: &Project) -> Value {
    build(project.msvc(&["build", "--push", "--output", "json"]))
}

fn image(report: &Value) -> String {
    let text = |key: &str| report["images"][0][key].as_str().unwrap().to_owned();
    format!("{}@{}", text("reference"), text("digest"))
}

#[test]
#[cfg_attr(not(testbed), ignore = "needs TESTBED=1")]
fn an_image_is_made_and_pushed_without_an_engine_and_is_the_same_wherever_it_is_made() {
    let project = project(BASE);
    project.write("src/main.rs", "fn main() { println!(\"one, from {}\", file!()); }\n");
    let first = pushed(&project);
    assert_eq!(output("docker", &["run", "--rm", &image(&first)]), "one, from src/main.rs\n");
    let schema = serde_json::from_str(&project.msvc(&["schema", "build"]).run().success().stdout).unwrap();
    assert!(jsonschema::is_valid(&schema, &first), "{first}");

    let config = output("docker", &["inspect", "--format", "{{json .Config}}", &image(&first)]);
    let config: Value = serde_json::from_str(&config).unwrap();
    assert_eq!(config["User"], "65532", "{config}");
    assert_eq!(config["Entrypoint"][0], format!("/usr/local/bin/{}", project.name));
    assert!(config["Env"].as_array().unwrap().contains(&"HOST=0.0.0.0".into()), "{config}");
    assert_eq!(config["ExposedPorts"], serde_json::json!({ "8080/tcp": {}, "9090/tcp": {} }));
    assert_eq!(config["Labels"]["org.opencontainers.image.title"], *project.name);

    let elsewhere = elsewhere(project.path());
    let args = ["build", "--push", "--tag", "again", "--output", "json"];
    let again = build(Msvc::new(elsewhere.path(), &args));
    assert_ne!(again["images"][0]["reference"], first["images"][0]["reference"]);
    assert_eq!(again["images"][0]["digest"], first["images"][0]["digest"], "equal source, another folder");

    project.write("src/main.rs", "fn main() { println!(\"two\"); }\n");
    let second = pushed(&project);
    assert_ne!(second["images"][0]["digest"], first["images"][0]["digest"]);
    assert_eq!(output("docker", &["run", "--rm", &image(&second)]), "two\n");
}

/// A copy of the project's sources in a folder of its own.
fn elsewhere(project: &Path) -> TempDir {
    let other = tempfile::tempdir().unwrap();
    for part in ["src", "base", "docker", "Cargo.toml", "Cargo.lock", "msvc.yaml", ".dockerignore", ".gitignore"] {
        output("cp", &["-r", project.join(part).to_str().unwrap(), other.path().to_str().unwrap()]);
    }
    other
}

#[test]
#[cfg_attr(not(testbed), ignore = "needs TESTBED=1")]
fn an_engine_takes_the_image_where_it_is_not_pushed() {
    let project = project(BASE);
    let reference = project.msvc(&["build"]).run().success().stdout;
    assert_eq!(output("docker", &["run", "--rm", reference.trim()]), "one\n");
    let refused = project.msvc(&["build"]).env(NO_ENGINE.0, NO_ENGINE.1).run();
    assert_eq!(refused.code, Some(1));
    assert!(refused.stderr.contains("--push"), "{}", refused.stderr);
}

#[test]
#[cfg_attr(not(testbed), ignore = "needs TESTBED=1")]
fn a_binary_that_would_not_start_on_its_base_is_refused() {
    let project = project("localhost:5000/library/busybox:stable");
    let refused = project.msvc(&["build", "--push"]).run();
    assert_eq!(refused.code, Some(1));
    let error = refused.stderr.find("error: ").unwrap();
    let told = refused.stderr[error..].replace(&project.name, "[service]");
    insta::assert_snapshot!("native_refused", told);
    // Linked with all that it needs, it stands on nothing at all.
    let flags = ("RUSTFLAGS", "-C target-feature=+crt-static");
    project.write(
        "msvc.yaml",
        &std::fs::read_to_string(project.path().join("msvc.yaml"))
            .unwrap()
            .replace("localhost:5000/library/busybox:stable", "scratch"),
    );
    let made = build(project.msvc(&["build", "--push", "--output", "json"]).env(flags.0, flags.1));
    assert_eq!(output("docker", &["run", "--rm", &image(&made)]), "one\n");
}

#[test]
#[cfg_attr(not(testbed), ignore = "needs TESTBED=1")]
fn a_registry_that_refuses_is_told_of_and_one_that_knows_us_takes_it() {
    let registry = Registry::with_user("ada", "for-tests");
    let project = project(BASE);
    let declared = std::fs::read_to_string(project.path().join("msvc.yaml")).unwrap();
    project.write("msvc.yaml", &declared.replace(REGISTRY, &registry.address));
    let refused = project.msvc(&["build", "--push"]).run();
    assert_eq!(refused.code, Some(1));
    assert!(refused.stderr.contains(&format!("docker login {}", registry.address)), "{}", refused.stderr);
    project.log_in(&registry.address, "ada", "for-tests");
    let made = pushed(&project);
    assert!(made["images"][0]["digest"].as_str().unwrap().starts_with("sha256:"), "{made}");
    assert_eq!(pushed(&project)["images"][0]["digest"], made["images"][0]["digest"]);
}

#[test]
#[cfg_attr(not(testbed), ignore = "needs TESTBED=1")]
fn code_that_does_not_build_is_told_of_by_the_projects_name() {
    let project = project(BASE);
    project.write("src/main.rs", "fn main() { nothing() }\n");
    let failed = project.msvc(&["build", "--push"]).run();
    assert_eq!(failed.code, Some(1));
    let told = format!("error: {} does not build\ncause: error[E0425]", project.name);
    assert!(failed.stderr.contains(&told), "{}", failed.stderr);
}
