//! `msvc build --builder native`: images that no engine has a hand in.

use std::path::Path;

use serde_json::Value;
use tempfile::TempDir;

use super::stage::{Project, Registry, output};
use crate::support::Msvc;
use crate::support::registry::sha256;

const REGISTRY: &str = "localhost:5000/msvc-test";
const BASE: &str = "localhost:5000/distroless/cc-debian12:nonroot";
/// The same, as everybody calls it: to be had by a mirror only.
const USUAL_BASE: &str = "gcr.io/distroless/cc-debian12:nonroot";
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
    let project = project(USUAL_BASE);
    project.write(".docker-config/msvc/config.yaml", "registries: { gcr.io: { mirror: 'http://localhost:5000' } }\n");
    let mirrored =
        |msvc: Msvc| build(msvc.env("XDG_CONFIG_HOME", project.path().join(".docker-config").to_str().unwrap()));
    let pushed = |project: &Project| mirrored(project.msvc(&["build", "--push", "--output", "json"]));
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
    let again = mirrored(Msvc::new(elsewhere.path(), &args));
    assert_ne!(again["images"][0]["reference"], first["images"][0]["reference"]);
    assert_eq!(again["images"][0]["digest"], first["images"][0]["digest"], "equal source, another folder");

    tells_what_it_is_made_of(&first);
    project.write("src/main.rs", "fn main() { println!(\"two\"); }\n");
    let second = pushed(&project);
    assert_ne!(second["images"][0]["digest"], first["images"][0]["digest"]);
    assert_eq!(output("docker", &["run", "--rm", &image(&second)]), "two\n");
}

/// `msvc build` where `dir` is a disk of 64 kB.
fn on_a_full_disk(project: &Project, dir: &str, args: &[&str], env: (&str, &str)) -> (Option<i32>, String) {
    std::fs::create_dir_all(dir).unwrap();
    let msvc = project.msvc(&[&["build"], args].concat()).env(env.0, env.1).command();
    let mut command = std::process::Command::new("unshare");
    // The disk is there for this process alone, and goes with it.
    command.args([
        "-rm",
        "sh",
        "-c",
        "mount -t tmpfs -o size=64k none \"$0\" && \"$@\"; code=$?; ls \"$0\" >&2; exit $code",
        dir,
    ]);
    command.arg(msvc.get_program()).args(msvc.get_args()).current_dir(project.path());
    command.envs(msvc.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let output = command.output().unwrap();
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

#[test]
#[cfg_attr(not(testbed), ignore = "needs TESTBED=1")]
fn a_full_disk_is_told_of_and_nothing_has_the_name() {
    let project = project(BASE);
    let dir = project.path().join(".docker-config/full");
    let dir = dir.to_str().unwrap();
    let fails = |args: &[&str], env, what: &str| {
        let (code, said) = on_a_full_disk(&project, dir, args, env);
        assert_eq!(code, Some(1), "{said}");
        for part in [what, "hint: the disk "] {
            assert!(said.contains(part), "`{part}` is missing: {said}");
        }
        assert_eq!(said.lines().filter(|line| line.starts_with("error:")).count(), 1, "{said}");
        said
    };
    let here = ("LANG", "C");
    fails(&["--push", "--tag", "full"], ("CARGO_TARGET_DIR", dir), "does not build");
    fails(&["--push", "--tag", "full"], ("XDG_CACHE_HOME", dir), "error: could not keep ");
    let name = format!("{REGISTRY}/{}:full", project.name);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    assert_eq!(runtime.block_on(msvc::registry::digest_of(&name)).unwrap(), None);
    let said = fails(&["--layout", dir], here, "error: could not write ");
    assert!(!said.contains("index.json"), "no image is named: {said}");
    fails(&["--archive", "/dev/full"], here, "error: could not write /dev/full");
}

/// Its registry keeps no list of referrers: the bill of materials is found by the tag that stands for one.
fn tells_what_it_is_made_of(report: &Value) {
    let (name, digest) = (report["images"][0]["reference"].as_str().unwrap(), &report["images"][0]["digest"]);
    let (repository, _) = name.rsplit_once(':').unwrap();
    let path = repository.strip_prefix("localhost:5000/").unwrap();
    let get = |what: &str| -> Value {
        let kinds = "application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json";
        let asked = ureq::get(format!("http://localhost:5000/v2/{path}/{what}")).header("accept", kinds);
        let mut answer = asked.call().unwrap();
        serde_json::from_str(&answer.body_mut().read_to_string().unwrap()).unwrap()
    };
    let index = get(&format!("manifests/{}", digest.as_str().unwrap().replace(':', "-")));
    let referrer = get(&format!("manifests/{}", index["manifests"][0]["digest"].as_str().unwrap()));
    assert_eq!(referrer["subject"]["digest"], *digest);
    let bill = get(&format!("blobs/{}", referrer["layers"][0]["digest"].as_str().unwrap()));
    assert_eq!(bill["bomFormat"], "CycloneDX");
    assert_eq!(bill["components"][0]["name"], "base");
    let layers = report["images"][0]["layers"].as_array().unwrap();
    assert!(layers.len() > 1 && layers[0]["what"] == USUAL_BASE, "{layers:?}");
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
fn an_image_may_be_files() {
    let project = project(BASE);
    let built = |args: &[&str]| build(project.msvc(&[&["build", "--output", "json"], args].concat()));
    let layout = built(&["--layout", "target/layout", "--sbom", "target/bill.json", "--tag", "one"]);
    let read = |file: &str| std::fs::read(project.path().join("target").join(file)).unwrap();
    let json = |file: &str| -> Value { serde_json::from_slice(&read(file)).unwrap() };
    assert_eq!(json("layout/oci-layout")["imageLayoutVersion"], "1.0.0");
    let named = &json("layout/index.json")["manifests"][0];
    assert_eq!(named["digest"], layout["images"][0]["digest"]);
    assert_eq!(named["annotations"]["org.opencontainers.image.ref.name"], "one");
    let blob = |digest: &Value| format!("layout/blobs/{}", digest.as_str().unwrap().replace(':', "/"));
    let manifest = json(&blob(&named["digest"]));
    for part in manifest["layers"].as_array().unwrap().iter().chain([&manifest["config"]]) {
        assert_eq!(sha256(&read(&blob(&part["digest"]))), part["digest"]);
    }
    assert_eq!(json("bill.json")["metadata"]["component"]["name"], *project.name);

    let archive = built(&["--archive", "target/image.tar"]);
    let file = project.path().join("target/image.tar");
    output("docker", &["load", "--quiet", "--input", file.to_str().unwrap()]);
    let reference = archive["images"][0]["reference"].as_str().unwrap();
    assert_eq!(output("docker", &["run", "--rm", reference]), "one\n");

    let both = project.msvc(&["build", "--platform", "linux/amd64,linux/arm64"]).run();
    assert_eq!(both.code, Some(2), "{both}");
    assert!(both.stderr.contains("several platforms goes to a registry or into an OCI layout"), "{both}");
}

#[test]
#[cfg_attr(not(testbed), ignore = "needs TESTBED=1")]
fn a_deploy_finds_an_image_by_what_it_is_made_of() {
    let project = project(BASE);
    let first = pushed(&project)["images"][0]["digest"].as_str().unwrap().to_owned();
    // There is no cluster to go on with; what was built is told before.
    let deploy = || project.msvc(&["deploy", "--build"]).env("KUBECONFIG", "/nowhere").run().stderr;
    let declared = std::fs::read_to_string(project.path().join("msvc.yaml")).unwrap();
    project.write("msvc.yaml", &format!("{declared}deploy: {{ replicas: 3 }}\n"));
    let again = deploy();
    assert!(again.contains(&format!(" is the image {first}")), "{again}");
    let third = deploy();
    assert!(third.contains(&format!("{} is unchanged: {REGISTRY}", project.name)), "{third}");
    project.write("base/src/lib.rs", "pub const WHAT: &str = \"changed\";\n");
    let changed = deploy();
    assert!(changed.contains(" built: ") && !changed.contains("unchanged"), "{changed}");
}

#[test]
#[cfg_attr(not(testbed), ignore = "needs TESTBED=1")]
fn a_release_stays_what_it_is() {
    let project = project(BASE);
    let push = |more: &[&str]| project.msvc(&[&["build", "--push", "--tag", "v1.2.0"], more].concat()).run();
    push(&[]).success();
    push(&[]).success();
    project.write("src/main.rs", "fn main() { println!(\"two\"); }\n");
    let refused = push(&[]);
    assert_eq!(refused.code, Some(1), "{refused}");
    assert!(refused.stderr.contains(":v1.2.0 is in its registry already, with other content"), "{refused}");
    push(&["--force"]).success();
    // By the engine too.
    project.write("Dockerfile", "FROM busybox:stable\nCOPY src /src\n");
    let refused = push(&["--builder", "docker"]);
    assert!(refused.code == Some(1) && refused.stderr.contains("with other content"), "{refused}");
    push(&["--builder", "docker", "--force"]).success();
    push(&["--builder", "docker"]).success();
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
