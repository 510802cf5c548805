//! Images of a system: one context, one Dockerfile for all of its services, what they share compiled once.

use serde_json::Value;

use super::stage::{Project, output};

const REGISTRY: &str = "localhost:5000/msvc-test";

/// The generated one.
const DOCKERFILE: &str = include_str!("../../templates/system/Dockerfile.tera");

/// A system of three services that share a crate; one has a Dockerfile of its own.
fn system() -> (Project, [String; 3]) {
    let project = Project::new(REGISTRY);
    let names = ["one", "two", "own"].map(|service| format!("{}-{service}", project.name));
    for file in ["src/main.rs", "base/Cargo.toml", "base/src/lib.rs"] {
        std::fs::remove_file(project.path().join(file)).unwrap();
    }
    let package = |name: &str| format!("[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n");
    project.write("Cargo.toml", "[workspace]\nresolver = \"3\"\nmembers = [\"crates/base\", \"services/*\"]\n");
    project.write("crates/base/Cargo.toml", &package("base"));
    project.write("crates/base/src/lib.rs", "pub const WHAT: &str = \"world\";\n");
    let mut lock = "version = 4\n\n[[package]]\nname = \"base\"\nversion = \"0.1.0\"\n".to_owned();
    let mut sorted = names.clone();
    sorted.sort();
    for name in &sorted {
        let dir = format!("services/{name}");
        let manifest = package(name) + "\n[dependencies]\nbase = { path = \"../../crates/base\" }\n";
        project.write(&format!("{dir}/Cargo.toml"), &manifest);
        let main = format!("fn main() {{ println!(\"{name} {{}}\", base::WHAT); }}\n");
        project.write(&format!("{dir}/src/main.rs"), &main);
        let declared = format!("apiVersion: msvc/v1\nkind: Service\nname: {name}\ntemplate: {{ name: rest }}\n");
        project.write(&format!("{dir}/msvc.yaml"), &declared);
        lock += &format!("\n[[package]]\nname = \"{name}\"\nversion = \"0.1.0\"\ndependencies = [\n \"base\",\n]\n");
    }
    project.write("Cargo.lock", &lock);
    project.write("Dockerfile", &DOCKERFILE.replace("{= name =}", &project.name));
    // Its context is the system's too.
    project.write(
        &format!("services/{}/Dockerfile", names[2]),
        "FROM busybox:stable\nCOPY crates/base/src/lib.rs /lib.rs\nENTRYPOINT [\"cat\", \"/lib.rs\"]\n",
    );
    project.write(
        "msvc.yaml",
        &format!(
            "apiVersion: msvc/v1\nkind: System\nname: {}\nservices: [services/*]\n\
             environments: {{ staging: {{ registry: '{REGISTRY}' }} }}\n",
            project.name
        ),
    );
    (project, names)
}

#[test]
#[cfg_attr(not(testbed), ignore = "needs TESTBED=1")]
fn services_of_a_system_are_built_by_one_dockerfile_with_one_cache() {
    let (project, names) = system();
    let built = project.msvc(&["build", "-v", "--push", "--output", "json"]).run().success();
    let compiled = built.stderr.lines().filter_map(|line| line.split_once("Compiling ")?.1.split(' ').next());
    let mut compiled: Vec<&str> = compiled.collect();
    compiled.sort_unstable();
    assert_eq!(compiled, ["base", &names[0], &names[1]], "what services share is compiled once");
    let report: Value = serde_json::from_str(&built.stdout).unwrap();
    let says = |name: &str| {
        let images = report["images"].as_array().unwrap();
        let image = images.iter().find(|image| image["service"] == name).unwrap();
        let text = |key: &str| image[key].as_str().unwrap();
        output("docker", &["run", "--rm", &format!("{}@{}", text("reference"), text("digest"))])
    };
    assert_eq!(says(&names[0]), format!("{} world\n", names[0]));
    assert_eq!(says(&names[1]), format!("{} world\n", names[1]));
    assert_eq!(says(&names[2]), "pub const WHAT: &str = \"world\";\n");

    let again = project.msvc(&["build", "-v", &names[1]]).run().success();
    assert!(!again.stderr.contains("Compiling"), "{again}");
    assert_eq!(again.stdout.lines().count(), 1, "only the one that was named");
}
