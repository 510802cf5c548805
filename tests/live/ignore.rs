//! `.dockerignore` means here what it means to `docker build`.

use std::collections::BTreeSet;
use std::process::Command;

use super::stage::{Project, output};

const FILES: [&str; 12] = [
    "README.md",
    "a.txt",
    "docs/README.md",
    "docs/deep/a.txt",
    "docs/deep/er/b.txt",
    "src/main.rs",
    "src/target/x",
    "target/debug/x",
    "with space.txt",
    "#hash",
    "x[1].txt",
    "é.txt",
];

/// The Dockerfile stays outside what is compared: it is sent in any case.
const IGNORES: [&str; 14] = [
    "",
    "target",
    "**/target\n*.txt",
    "# a comment\n\n  *.md  \n/src/\n",
    "docs\n!docs/deep\ndocs/deep/er",
    "*\n!tree/docs\n",
    "tree/docs\n!tree/docs/deep/a.txt",
    "tree/**\n!tree/src/main.rs",
    "tree/*/*/*.txt\n!tree/docs/**",
    "tree/docs/**/b.txt",
    "!tree/README.md\ntree/*.md",
    "tree/docs\n!tree/docs/deep\ntree/docs",
    "tree/./docs//deep/../README.md\ntree/with space.txt",
    "tree/?.txt\ntree/x[[]1].txt\ntree/\\#hash",
];

#[test]
#[cfg_attr(not(testbed), ignore = "needs TESTBED=1")]
fn the_same_files_arrive_as_with_docker_build() {
    let project = Project::new("localhost:5000");
    project.write(
        "Dockerfile",
        "FROM busybox:stable\nCOPY . /context\nENTRYPOINT [\"/bin/busybox\", \"find\", \"/context\"]\n",
    );
    for file in FILES {
        project.write(&format!("tree/{file}"), file);
    }
    let list = |image: &str| -> BTreeSet<String> {
        let dull = ["/context/Dockerfile", "/context/.dockerignore"];
        output("docker", &["run", "--rm", image]).lines().filter(|l| !dull.contains(l)).map(str::to_owned).collect()
    };
    for ignore in IGNORES {
        project.write(".dockerignore", &format!("{ignore}\n.docker-config\n.gitignore\n"));
        let ours = project.msvc(&["build", "--tag", "ours"]).run().success().stdout;
        let id = Command::new("docker")
            .args(["build", "--quiet", "."])
            .env("DOCKER_BUILDKIT", "0")
            .current_dir(project.path())
            .output()
            .unwrap();
        assert!(id.status.success(), "{}", String::from_utf8_lossy(&id.stderr));
        let theirs = String::from_utf8(id.stdout).unwrap();
        assert_eq!(list(ours.trim()), list(theirs.trim()), "{ignore}");
    }
}

#[test]
#[cfg_attr(not(testbed), ignore = "needs TESTBED=1")]
fn a_dockerfile_may_have_its_own_and_may_be_ignored_itself() {
    let project = Project::new("localhost:5000");
    project.write(
        "Dockerfile",
        "FROM busybox:stable\nCOPY . /context\nENTRYPOINT [\"/bin/busybox\", \"find\", \"/context\"]\n",
    );
    project.write(".dockerignore", "src\n");
    project.write("Dockerfile.dockerignore", "*\n!src/**/*.rs\n");
    project.write("src/deep/x.rs", "");
    let reference = project.msvc(&["build"]).run().success().stdout;
    let mut files: Vec<String> =
        output("docker", &["run", "--rm", reference.trim()]).lines().map(str::to_owned).collect();
    files.sort();
    let expected = [
        "/context",
        "/context/Dockerfile",
        "/context/src",
        "/context/src/deep",
        "/context/src/deep/x.rs",
        "/context/src/main.rs",
    ];
    assert_eq!(files, expected);
}
