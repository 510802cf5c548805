//! The pipelines that `msvc ci` writes, job by job in clean folders, as a runner would.

use std::path::{Path, PathBuf};
use std::process::Command;

use regex::Regex;
use serde_json::Value;

use super::stage::Place;
use crate::live::stage::{Project, output};

type Variables = Vec<(String, String)>;

/// What is done in one folder.
struct Job {
    name: String,
    /// Scripts, each with the variables that it is given.
    steps: Vec<(String, Variables)>,
}

/// What a runner has besides the repository. Tools that it brings along (Rust, caches) are there already.
struct Runner {
    dir: tempfile::TempDir,
    repository: PathBuf,
}

impl Runner {
    fn new(repository: &Path) -> Self {
        Self { dir: tempfile::tempdir().unwrap(), repository: repository.to_owned() }
    }

    /// Runs a job in a clone of its own, with what those before it left for it.
    fn run(&self, job: &Job) {
        let folder = self.dir.path().join(&job.name);
        let paths = [&self.repository, &folder].map(|p| p.to_str().unwrap());
        output("git", &["clone", "--quiet", paths[0], paths[1]]);
        carry(self.dir.path(), &folder);
        for (script, variables) in &job.steps {
            self.step(&folder, script, variables);
        }
        carry(&folder, self.dir.path());
    }

    fn step(&self, folder: &Path, script: &str, variables: &Variables) {
        let msvc = Path::new(env!("CARGO_BIN_EXE_msvc")).parent().unwrap();
        let mut command = Command::new("bash");
        command.args(["-e", "-c", script]).current_dir(folder).env("RUNNER_TEMP", self.dir.path());
        command.env("PATH", format!("{}:{}", msvc.display(), std::env::var("PATH").unwrap())).env("CI", "true");
        command.env_remove("CARGO_TARGET_DIR").env_remove("KUBECONFIG");
        let done = command.envs(variables.iter().map(|(name, value)| (name, value))).output().unwrap();
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

/// The jobs of a workflow for GitHub, in their order.
fn github(text: &str, runner: &Runner) -> Vec<Job> {
    let workflow: Value = serde_saphyr::from_str(text).unwrap();
    let kubeconfig = std::fs::read_to_string(std::env::var("KUBECONFIG").unwrap()).unwrap();
    let value = |value: &Value| {
        let value = value.as_str().unwrap().replace("${{ runner.temp }}", runner.dir.path().to_str().unwrap());
        let value = value.replace("${{ secrets.KUBECONFIG }}", &kubeconfig);
        value.replace("${{ secrets.REGISTRY_USER }}", "").replace("${{ secrets.REGISTRY_PASSWORD }}", "")
    };
    let step = |step: &Value| {
        let Some(script) = step["run"].as_str() else {
            let action = step["uses"].as_str().unwrap().split('@').next().unwrap();
            let known = ["checkout", "cache", "upload-artifact", "download-artifact"];
            assert!(known.iter().any(|name| action == format!("actions/{name}")), "{action} is not known here");
            return None;
        };
        let env = step["env"].as_object().into_iter().flatten().map(|(name, v)| (name.clone(), value(v)));
        (!script.starts_with("rustup ")).then(|| (script.to_owned(), env.collect()))
    };
    let mut before = Value::Null;
    let jobs = workflow["jobs"].as_object().unwrap().iter();
    jobs.map(|(name, job)| {
        assert_eq!(job["needs"], before, "{name}");
        before = name.as_str().into();
        Job { name: name.clone(), steps: job["steps"].as_array().unwrap().iter().filter_map(step).collect() }
    })
    .collect()
}

/// The jobs of a pipeline for GitLab, in the order of their stages; what it says of databases and engines beside a job is
/// the runner's, which has the testbed's here.
fn gitlab(text: &str, runner: &Runner) -> Vec<Job> {
    let pipeline: Value = serde_saphyr::from_str(text).unwrap();
    let jobs: Vec<&Value> = pipeline.as_object().unwrap().values().filter(|job| job["script"].is_array()).collect();
    let stages = pipeline["stages"].as_array().unwrap();
    assert_eq!(jobs.iter().map(|job| &job["stage"]).collect::<Vec<_>>(), stages.iter().collect::<Vec<_>>());
    let job = |job: &&Value| {
        let name = job["stage"].as_str().unwrap().to_owned();
        let home = pipeline["variables"]["CARGO_HOME"].as_str().unwrap();
        let home = home.replace("$CI_PROJECT_DIR", runner.dir.path().join(&name).to_str().unwrap());
        let env = vec![("CARGO_HOME".to_owned(), home), kubeconfig()];
        // One shell has all lines.
        let lines: Vec<&str> = job["script"].as_array().unwrap().iter().map(|line| line.as_str().unwrap()).collect();
        Job { name, steps: vec![(lines.join("\n"), env)] }
    };
    jobs.iter().map(job).collect()
}

/// A pipeline for Jenkins, all stages of which share a workspace.
fn jenkins(text: &str, _: &Runner) -> Vec<Job> {
    let env =
        || vec![kubeconfig(), ("REGISTRY_USR".to_owned(), String::new()), ("REGISTRY_PSW".to_owned(), String::new())];
    let steps = Regex::new(r"(?s)\bsh '('')?(.*?)'(?:'')?\n").unwrap();
    let steps = steps.captures_iter(text).map(|step| (step[2].to_owned(), env())).collect();
    vec![Job { name: "workspace".to_owned(), steps }]
}

fn kubeconfig() -> (String, String) {
    ("KUBECONFIG".to_owned(), std::env::var("KUBECONFIG").unwrap())
}

#[test]
#[cfg_attr(not(testbed), ignore = "needs TESTBED=1")]
fn pipelines_build_once_and_deploy_the_same_everywhere() {
    // Only their namespaces are used.
    let places = [Place::new("{}"), Place::new("{}")];
    let project = Project::new("localhost:5000/msvc-test");
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
    let git = |args: &[&str]| output("git", &[&["-C", project.path().to_str().unwrap()], args].concat());
    git(&["init", "--quiet"]);
    let image = |place: &Place| {
        place.kubectl(&[
            "get",
            "deployment",
            &project.name,
            "--output=jsonpath={.spec.template.spec.containers[0].image}",
        ])
    };
    let mut before = String::new();
    let kinds: [(&str, &str, fn(&str, &Runner) -> Vec<Job>); 3] = [
        ("github", ".github/workflows/deploy.yml", github),
        ("gitlab", ".gitlab-ci.yml", gitlab),
        ("jenkins", "Jenkinsfile", jenkins),
    ];
    for (kind, file, jobs) in kinds {
        project.msvc(&["ci", kind]).run().success();
        project.write("src/main.rs", &format!("// For {kind}.\n{}", include_str!("probe.rs")));
        git(&["add", "--all"]);
        git(&["-c", "user.name=Test", "-c", "user.email=test@example.org", "commit", "--quiet", "--message", kind]);
        let text = std::fs::read_to_string(project.path().join(file)).unwrap();
        let runner = Runner::new(project.path());
        for job in jobs(&text, &runner) {
            assert!(!job.steps.is_empty(), "{kind}: {}", job.name);
            runner.run(&job);
        }
        let [staging, production] = [&places[0], &places[1]].map(image);
        assert!(staging.contains("@sha256:"), "{staging}");
        assert_eq!(staging, production, "{kind}");
        assert_ne!(staging, before, "{kind} deployed nothing");
        before = staging;
    }
}
