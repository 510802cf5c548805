//! The pipeline that `msvc ci github` writes, job by job in clean folders, as a runner would.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use super::stage::Place;
use crate::live::stage::{Project, output};

/// What a runner has besides the repository.
struct Runner {
    dir: tempfile::TempDir,
    repository: PathBuf,
}

impl Runner {
    /// Runs the steps of a job one by one. Tools that a runner brings along (Rust, caches) are there already.
    fn job(&self, name: &str, job: &Value) {
        let folder = self.dir.path().join(name);
        for step in job["steps"].as_array().unwrap() {
            match step["uses"].as_str().map(|uses| uses.split('@').next().unwrap()) {
                Some("actions/checkout") => {
                    let paths = [&self.repository, &folder].map(|p| p.to_str().unwrap());
                    output("git", &["clone", "--quiet", paths[0], paths[1]]);
                }
                Some("actions/upload-artifact") => carry(&folder, self.dir.path()),
                Some("actions/download-artifact") => carry(self.dir.path(), &folder),
                Some("actions/cache") => {}
                Some(other) => panic!("{other} is not known here"),
                None => self.run(&folder, step),
            }
        }
    }

    fn run(&self, folder: &Path, step: &Value) {
        let script = step["run"].as_str().unwrap();
        if script.starts_with("rustup ") {
            return;
        }
        let msvc = Path::new(env!("CARGO_BIN_EXE_msvc")).parent().unwrap();
        let mut command = Command::new("bash");
        command.args(["-e", "-c", script]).current_dir(folder).env("RUNNER_TEMP", self.dir.path());
        command.env("PATH", format!("{}:{}", msvc.display(), std::env::var("PATH").unwrap())).env("CI", "true");
        command.env_remove("CARGO_TARGET_DIR").env_remove("KUBECONFIG");
        let kubeconfig = std::fs::read_to_string(std::env::var("KUBECONFIG").unwrap()).unwrap();
        for (name, value) in step["env"].as_object().into_iter().flatten() {
            let value = value.as_str().unwrap().replace("${{ runner.temp }}", self.dir.path().to_str().unwrap());
            let value = value.replace("${{ secrets.KUBECONFIG }}", &kubeconfig);
            command.env(
                name,
                value.replace("${{ secrets.REGISTRY_USER }}", "").replace("${{ secrets.REGISTRY_PASSWORD }}", ""),
            );
        }
        let done = command.output().unwrap();
        assert!(done.status.success(), "{script}: {}", String::from_utf8_lossy(&done.stderr));
    }
}

/// Carries what jobs hand on.
fn carry(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        let name = entry.file_name().into_string().unwrap();
        if name.starts_with("images-") {
            std::fs::copy(entry.path(), to.join(name)).unwrap();
        }
    }
}

#[test]
#[cfg_attr(not(testbed), ignore = "needs TESTBED=1")]
fn a_pipeline_builds_once_and_deploys_the_same_everywhere() {
    // Only their namespaces are used.
    let places = [Place::new("{}"), Place::new("{}")];
    let project = Project::new("localhost:5000/msvc-test");
    project.write("src/main.rs", include_str!("probe.rs"));
    let environment = |place: &Place| {
        format!("{{ context: testbed, namespace: {}, registry: 'localhost:5000/msvc-test' }}", place.namespace)
    };
    let [staging, production] = [&places[0], &places[1]].map(environment);
    project.write(
        "msvc.yaml",
        &format!(
            "apiVersion: msvc/v1\nkind: Service\nname: {}\ntemplate: {{ name: rest }}\ndeploy: {{ replicas: 1 }}\n\
             environments:\n  staging: {staging}\n  production: {production}\n",
            project.name
        ),
    );
    project.msvc(&["ci", "github"]).run().success();
    let git = |args: &[&str]| output("git", &[&["-C", project.path().to_str().unwrap()], args].concat());
    git(&["init", "--quiet"]);
    git(&["add", "--all"]);
    git(&["-c", "user.name=Test", "-c", "user.email=test@example.org", "commit", "--quiet", "--message", "First"]);

    let text = std::fs::read_to_string(project.path().join(".github/workflows/deploy.yml")).unwrap();
    let workflow: Value = serde_saphyr::from_str(&text).unwrap();
    let runner = Runner { dir: tempfile::tempdir().unwrap(), repository: project.path().to_owned() };
    let mut before = Value::Null;
    for (name, job) in workflow["jobs"].as_object().unwrap() {
        assert_eq!(job["needs"], before, "{name}");
        runner.job(name, job);
        before = name.as_str().into();
    }
    let image = |place: &Place| {
        place.kubectl(&[
            "get",
            "deployment",
            &project.name,
            "--output=jsonpath={.spec.template.spec.containers[0].image}",
        ])
    };
    assert!(image(&places[0]).contains("@sha256:"), "{}", image(&places[0]));
    assert_eq!(image(&places[0]), image(&places[1]));
    assert_eq!(workflow["jobs"]["deploy-production"]["environment"], "production");
}
