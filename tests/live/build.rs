//! `msvc build` with a real engine and a real registry.

use std::process::Command;
use std::time::{Duration, SystemTime};

use msvc::{image, registry};
use serde_json::Value;

use super::stage::{Project, output};

const REGISTRY: &str = "localhost:5000/msvc-test";

fn build(project: &Project, args: &[&str]) -> Value {
    let output = project.msvc(&[&["build", "--push", "--output", "json"], args].concat()).run().success();
    serde_json::from_str(&output.stdout).unwrap()
}

fn digest(report: &Value) -> String {
    report["images"][0]["digest"].as_str().unwrap().to_owned()
}

fn says(report: &Value) -> String {
    let image = format!("{}@{}", report["images"][0]["reference"].as_str().unwrap(), digest(report));
    output("docker", &["run", "--rm", &image])
}

#[test]
#[cfg_attr(not(testbed), ignore = "needs TESTBED=1")]
fn an_image_is_pushed_under_its_tag_and_rebuilt_only_when_content_changes() {
    let project = Project::new(REGISTRY);
    let first = build(&project, &[]);
    assert_eq!(says(&first), "one\n");
    let reference = first["images"][0]["reference"].as_str().unwrap();
    let tag = image::tag_for(project.path()).unwrap();
    assert_eq!(reference, format!("{REGISTRY}/{}:{tag}", project.name));

    let schema = serde_json::from_str(&project.msvc(&["schema", "build"]).run().success().stdout).unwrap();
    assert!(jsonschema::is_valid(&schema, &first), "{first}");

    let runtime = tokio::runtime::Runtime::new().unwrap();
    let found = runtime.block_on(registry::digest_of(reference)).unwrap().unwrap();
    assert_eq!(found.as_str(), digest(&first));
    let missing = runtime.block_on(registry::digest_of(&format!("{reference}-never"))).unwrap();
    assert_eq!(missing, None);

    // New times with old content: the same image.
    let main = project.path().join("src/main.rs");
    std::fs::write(&main, std::fs::read(&main).unwrap()).unwrap();
    assert_eq!(digest(&build(&project, &[])), digest(&first));

    // New content with an old time: the new binary.
    std::fs::write(&main, "fn main() { println!(\"two\"); }\n").unwrap();
    let old = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
    std::fs::File::options().write(true).open(&main).unwrap().set_modified(old).unwrap();
    let second = build(&project, &[]);
    assert_ne!(digest(&second), digest(&first));
    assert_eq!(says(&second), "two\n");

    // And back: what the engine's cache keeps is the first image again.
    std::fs::write(&main, "fn main() { println!(\"one\"); }\n").unwrap();
    assert_eq!(says(&build(&project, &[])), "one\n");
}

#[test]
#[cfg_attr(not(testbed), ignore = "needs TESTBED=1")]
fn labels_and_tags_tell_the_commit() {
    let project = Project::new(REGISTRY);
    project.write(".gitignore", "/target/\n/.docker-config/\n");
    project.write("Dockerfile", "FROM busybox:stable\nCOPY src /src\n");
    msvc::git::init(project.path()).unwrap();
    let revision = msvc::git::describe(project.path()).unwrap().unwrap();
    let report = build(&project, &[]);
    let reference = report["images"][0]["reference"].as_str().unwrap();
    assert!(reference.ends_with(&format!(":{}", revision.short)), "{reference}");
    let labels = output("docker", &["inspect", "--format", "{{json .Config.Labels}}", reference]);
    let labels: Value = serde_json::from_str(&labels).unwrap();
    let label = |name: &str| labels[format!("org.opencontainers.image.{name}")].as_str().unwrap_or_default().to_owned();
    assert_eq!(label("revision"), revision.commit);
    assert_eq!(label("version"), revision.short);
    assert_eq!(label("title"), project.name);
    assert!(label("created").starts_with("20"), "{labels}");
    assert_eq!(digest(&build(&project, &[])), digest(&report), "nothing changed");

    let tagged = project.msvc(&["build", "--push", "--tag", "a", "--tag", "b"]).run().success();
    assert_eq!(tagged.stdout, format!("{REGISTRY}/{}:a@{}\n", project.name, digest(&report)));
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let b = runtime.block_on(registry::digest_of(&format!("{REGISTRY}/{}:b", project.name))).unwrap().unwrap();
    assert_eq!(b.as_str(), digest(&report));
}

#[test]
#[cfg_attr(not(testbed), ignore = "needs TESTBED=1")]
fn links_and_modes_and_strange_names_arrive() {
    let project = Project::new(REGISTRY);
    project.write("Dockerfile", "FROM busybox:stable\nCOPY tree /tree\nENTRYPOINT [\"/bin/busybox\"]\n");
    project.write("tree/run me\nnow", "#!/bin/sh\n");
    project.write(&format!("tree/{}/x", "long".repeat(40)), "x");
    std::fs::create_dir(project.path().join("tree/empty")).unwrap();
    std::os::unix::fs::symlink("nowhere/at all", project.path().join("tree/link")).unwrap();
    output("chmod", &["750", project.path().join("tree/run me\nnow").to_str().unwrap()]);
    let reference = project.msvc(&["build"]).run().success().stdout;
    let list = |arguments: &[&str]| output("docker", &[&["run", "--rm", reference.trim()], arguments].concat());
    assert_eq!(list(&["readlink", "/tree/link"]), "nowhere/at all\n");
    assert_eq!(list(&["stat", "-c", "%a %u", "/tree/run me\nnow"]), "750 0\n");
    assert_eq!(list(&["ls", &format!("/tree/{}", "long".repeat(40))]), "x\n");
    assert_eq!(list(&["ls", "-d", "/tree/empty"]), "/tree/empty\n");
}

#[test]
#[cfg_attr(not(testbed), ignore = "needs TESTBED=1")]
fn an_interrupt_ends_the_build_at_the_engine_too() {
    let project = Project::new(REGISTRY);
    let seconds = 100_000 + u32::from(rand::random::<u16>());
    project.write("Dockerfile", &format!("FROM busybox:stable\nRUN sleep {seconds}\n"));
    let mut child = project.msvc(&["build"]).command().spawn().unwrap();
    let sleeps = || running(&format!("sleep\0{seconds}\0"));
    super::stage::wait_for("the step", sleeps);
    Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(130));
    super::stage::wait_for("the step's end", || !sleeps());
}

#[test]
#[cfg_attr(not(testbed), ignore = "needs TESTBED=1")]
fn going_back_to_a_source_whose_build_was_cut_short_ships_that_source() {
    let project = Project::new(REGISTRY);
    let source = |text: &str| project.write("src/main.rs", &format!("fn main() {{ println!(\"{text}\"); }}\n"));
    let dockerfile = std::fs::read_to_string(project.path().join("Dockerfile")).unwrap();
    project.write(
        "Dockerfile",
        &dockerfile.replace("CARGO_INCREMENTAL=1 cargo", "echo begun && sleep 3 && CARGO_INCREMENTAL=1 cargo"),
    );
    source("first");
    let log = project.path().join(".docker-config/log");
    let mut command = project.msvc(&["build", "-v"]).command();
    let mut child = command.stderr(std::fs::File::create(&log).unwrap()).spawn().unwrap();
    super::stage::wait_for("the step", || std::fs::read_to_string(&log).unwrap().contains(": begun"));
    Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    child.wait().unwrap();
    source("second");
    assert_eq!(says(&build(&project, &[])), "second\n");
    // The engine has the first source from its cache, older than what was compiled since.
    source("first");
    assert_eq!(says(&build(&project, &[])), "first\n");
}

#[test]
#[cfg_attr(not(testbed), ignore = "needs TESTBED=1")]
fn only_crates_that_changed_are_compiled_again() {
    let project = Project::new(REGISTRY);
    let compiled = || -> Vec<String> {
        let log = project.msvc(&["build", "-v"]).run().success().stderr;
        let crates = log.lines().filter_map(|line| line.split_once("Compiling ")?.1.split(' ').next());
        crates.map(|name| name.replace(&project.name, "service")).collect()
    };
    let both = ["base", "service"];
    assert_eq!(compiled(), both);
    project.write("src/main.rs", "fn main() { println!(\"hello {}\", base::WHAT); }\n");
    assert_eq!(compiled(), ["service"]);
    project.write("base/src/lib.rs", "pub const WHAT: &str = include_str!(\"a name\\nof two lines\");\n");
    project.write("base/src/a name\nof two lines", "there");
    assert_eq!(compiled(), both);
    project.write("base/src/a name\nof two lines", "you");
    assert_eq!(compiled(), both);
    assert_eq!(says(&build(&project, &[])), "hello you\n");
    std::fs::remove_file(project.path().join("base/src/a name\nof two lines")).unwrap();
    let failed = project.msvc(&["build"]).run();
    assert!(failed.code == Some(1) && failed.stderr.contains("couldn't read"), "{failed}");
}

#[test]
#[cfg_attr(not(testbed), ignore = "needs TESTBED=1")]
fn a_dockerfile_is_told_what_docker_tells_it() {
    let project = Project::new("localhost:5000");
    project.write(
        "Dockerfile",
        "FROM busybox:stable AS first\nARG WHO=nobody\nRUN echo \"$WHO\" >/who && cat /proc/sys/kernel/random/uuid >/when\n\
         ENTRYPOINT [\"cat\", \"/who\", \"/when\"]\nFROM first\nRUN echo last >/who\n",
    );
    let says = |args: &[&str]| {
        let reference = project.msvc(&[&["build"], args].concat()).env("FROM_ENV", "env").run().success().stdout;
        output("docker", &["run", "--rm", reference.trim()])
    };
    assert!(says(&[]).starts_with("last\n"));
    assert!(says(&["--target", "first"]).starts_with("nobody\n"));
    let given = says(&["--target", "first", "--build-arg", "WHO=given"]);
    assert!(given.starts_with("given\n"), "{given}");
    assert_eq!(says(&["--target", "first", "--build-arg", "WHO=given"]), given, "by the cache");
    assert_ne!(says(&["--target", "first", "--build-arg", "WHO=given", "--no-cache"]), given);
    project.write(
        "Dockerfile",
        "FROM busybox:stable\nARG FROM_ENV\nRUN echo \"$FROM_ENV\" >/who\nENTRYPOINT [\"cat\", \"/who\"]\n",
    );
    assert_eq!(says(&["--build-arg", "FROM_ENV"]), "env\n");
    let refused = project.msvc(&["build", "--builder", "native", "--target", "first"]).run();
    assert!(refused.code == Some(2) && refused.stderr.contains("is built without a Dockerfile"), "{refused}");
}

#[test]
#[cfg_attr(not(testbed), ignore = "needs TESTBED=1")]
fn what_an_image_is_made_of_is_told_by_the_lock_file() {
    let project = Project::new("localhost:5000");
    project.write("Dockerfile", "FROM busybox:stable\nCOPY src /src\n");
    project.msvc(&["build", "--sbom", ".docker-config/sbom.json"]).run().success();
    let text = std::fs::read(project.path().join(".docker-config/sbom.json")).unwrap();
    let bom: Value = serde_json::from_slice(&text).unwrap();
    assert_eq!(bom["metadata"]["component"]["name"], *project.name);
    assert_eq!(bom["components"][0]["name"], "base");
    assert_eq!(bom["metadata"]["properties"][0]["name"], "msvc:crates");
    // One of its own may hold anything.
    project.write(
        "msvc.yaml",
        &format!("apiVersion: msvc/v1\nkind: System\nname: {0}s\nservices: [services/*]\n", project.name),
    );
    project
        .write("services/own/msvc.yaml", "apiVersion: msvc/v1\nkind: Service\nname: own\ntemplate: { name: rest }\n");
    project.write("services/own/Dockerfile", "FROM busybox:stable\n");
    let refused = project.msvc(&["build", "own", "--sbom", "sbom.json"]).run();
    assert!(refused.code == Some(2) && refused.stderr.contains("is up to its Dockerfile"), "{refused}");
}

#[test]
#[cfg_attr(not(testbed), ignore = "needs TESTBED=1")]
fn an_engine_is_reached_by_ssh() {
    let project = Project::new("localhost:5000");
    project.write("Dockerfile", "FROM busybox:stable\nCOPY src /src\nENTRYPOINT [\"ls\", \"/src\"]\n");
    // What stands behind the host's name on the command line, runs here.
    project.write(
        ".docker-config/bin/ssh",
        "#!/bin/sh\nfor word; do case $word in -M|-N|-f|-O) exit 0;; esac; done\nunset DOCKER_HOST\nexec docker system dial-stdio\n",
    );
    let bin = project.path().join(".docker-config/bin");
    output("chmod", &["755", bin.join("ssh").to_str().unwrap()]);
    let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap());
    let built = project.msvc(&["build"]).env("DOCKER_HOST", "ssh://somebody@far").env("PATH", &path).run().success();
    assert_eq!(output("docker", &["run", "--rm", built.stdout.trim()]), "main.rs\n");
}

fn running(command_line: &str) -> bool {
    std::fs::read_dir("/proc")
        .unwrap()
        .flatten()
        .any(|entry| std::fs::read(entry.path().join("cmdline")).is_ok_and(|line| line == command_line.as_bytes()))
}
