//! `msvc ci`: what is written, and what checkers of these systems say about it.

use std::path::Path;

use crate::render::projects;
use crate::support::{Msvc, tool};

fn system() -> tempfile::TempDir {
    projects::written().swap_remove(2).1
}

fn printed(dir: &Path, system: &str) -> String {
    Msvc::new(dir, &["ci", system, "--print"]).run().success().stdout
}

#[test]
fn pipelines_are_written_once_and_hold_no_secret() {
    let dir = system();
    for name in ["github", "gitlab", "jenkins"] {
        insta::assert_snapshot!(name, printed(dir.path(), name));
    }
    let file = dir.path().join(".github/workflows/deploy.yml");
    Msvc::new(dir.path(), &["ci", "github"]).run().success();
    assert_eq!(std::fs::read_to_string(&file).unwrap(), printed(dir.path(), "github"));
    let again = Msvc::new(dir.path(), &["ci", "github"]).run().success();
    assert!(again.stdout.starts_with("unchanged "), "{again}");
    std::fs::write(&file, "mine").unwrap();
    let refused = Msvc::new(dir.path(), &["ci", "github"]).run();
    assert_eq!(refused.code, Some(2), "{refused}");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "mine");
    Msvc::new(dir.path(), &["ci", "github", "--force"]).run().success();
}

#[test]
fn a_project_that_is_deployed_nowhere_has_no_pipeline() {
    let dir = tempfile::tempdir().unwrap();
    let text = "apiVersion: msvc/v1\nkind: Service\nname: orders\ntemplate: { name: rest }\n";
    projects::write(dir.path(), &[("msvc.yaml", text)]);
    let nowhere = Msvc::new(dir.path(), &["ci", "gitlab"]).run();
    projects::write(dir.path(), &[("msvc.yaml", &format!("{text}environments: {{ staging: {{}} }}\n"))]);
    let nothing = Msvc::new(dir.path(), &["ci", "gitlab"]).run();
    insta::assert_snapshot!(format!("{nowhere}{nothing}"));
}

#[test]
#[cfg_attr(not(testbed), ignore = "needs TESTBED=1")]
fn pipelines_follow_the_published_schemas() {
    let dir = system();
    for (name, schema) in [("github", "vendor.github-workflows"), ("gitlab", "vendor.gitlab-ci")] {
        let file = dir.path().join(format!("{name}.yml"));
        std::fs::write(&file, printed(dir.path(), name)).unwrap();
        let checked = tool("check-jsonschema").args(["--builtin-schema", schema]).arg(&file).output().unwrap();
        assert!(checked.status.success(), "{name}: {}", String::from_utf8_lossy(&checked.stdout));
    }
}

#[test]
#[cfg_attr(not(testbed), ignore = "needs TESTBED=1")]
fn workflows_for_github_pass_its_linter() {
    let dir = system();
    let deploy = dir.path().join("deploy.yml");
    std::fs::write(&deploy, printed(dir.path(), "github")).unwrap();
    let project = tempfile::tempdir().unwrap();
    Msvc::new(project.path(), &["new", "orders", "--yes", "--no-git"]).run().success();
    let tests = project.path().join("orders/.github/workflows/ci.yml");
    let flags = ["-no-color", "-shellcheck=", "-pyflakes="];
    let checked = tool("actionlint").args(flags).args([deploy, tests]).output().unwrap();
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stdout));
}

#[test]
#[cfg_attr(not(testbed), ignore = "needs TESTBED=1")]
fn pipelines_for_jenkins_pass_a_linter_of_its_language() {
    let dir = system();
    std::fs::write(dir.path().join("Jenkinsfile"), printed(dir.path(), "jenkins")).unwrap();
    let flags = ["--noserver", "--config", "recommended-jenkinsfile", "--failon", "warning", "--output", "txt"];
    let mut linter = tool("npm-groovy-lint");
    let checked = linter.args(flags).args(["--path", ".", "--files", "Jenkinsfile"]).current_dir(dir.path()).output();
    let checked = checked.unwrap();
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stdout));
}
