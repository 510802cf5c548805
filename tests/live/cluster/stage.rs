//! What deploys are tested with: a namespace of its own, a project of one service, and the service's image.

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use regex::Regex;
use serde_json::Value;

use crate::live::stage::output;
use crate::support::{Msvc, Output};

/// A project called `probe` and the namespace that it is deployed to.
pub struct Place {
    dir: tempfile::TempDir,
    pub namespace: String,
    pub image: &'static str,
}

impl Place {
    /// `deploy` is what msvc.yaml says below `deploy:`, as flow YAML.
    pub fn new(deploy: &str) -> Self {
        let namespace = format!("msvc-test-{:08x}", rand::random::<u32>());
        let place = Self { dir: tempfile::tempdir().unwrap(), namespace, image: image() };
        place.says(deploy);
        place
    }

    /// A second copy of the project, for the same namespace.
    pub fn beside(&self, deploy: &str) -> Self {
        let place = Self { dir: tempfile::tempdir().unwrap(), namespace: self.namespace.clone(), image: self.image };
        place.says(deploy);
        place
    }

    /// Changes what msvc.yaml says.
    pub fn says(&self, deploy: &str) {
        self.says_in("testbed", deploy);
    }

    pub fn says_in(&self, context: &str, deploy: &str) {
        let namespace = &self.namespace;
        self.write(
            "msvc.yaml",
            &format!(
                "apiVersion: msvc/v1\nkind: Service\nname: probe\ntemplate: {{ name: rest }}\ndeploy: {deploy}\n\
                 environments: {{ staging: {{ context: {context}, namespace: {namespace}, \
                 registry: 'localhost:5000/msvc-test' }} }}\n"
            ),
        );
    }

    pub fn path(&self) -> &Path {
        self.dir.path()
    }

    pub fn write(&self, file: &str, text: &str) {
        let file = self.path().join(file);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, text).unwrap();
    }

    pub fn msvc(&self, args: &[&str]) -> Msvc {
        Msvc::new(self.path(), args).env("USER", "tester")
    }

    /// `msvc deploy` of the probe's image.
    pub fn deploy(&self, args: &[&str]) -> Output {
        self.deploying(args).run()
    }

    /// `msvc diff` of the probe's image.
    pub fn diff(&self) -> Output {
        self.msvc(&["diff", "--image", self.image]).run()
    }

    pub fn deploying(&self, args: &[&str]) -> Msvc {
        self.msvc(&[&["deploy", "--image", self.image], args].concat())
    }

    /// A command's JSON document, which follows its schema.
    pub fn json(&self, args: &[&str], schema: &str) -> Value {
        let output = self.msvc(&[args, &["--output", "json"]].concat()).run().success();
        let document = serde_json::from_str(&output.stdout).unwrap();
        let schema = serde_json::from_str(&self.msvc(&["schema", schema]).run().success().stdout).unwrap();
        let problems: Vec<String> =
            jsonschema::validator_for(&schema).unwrap().iter_errors(&document).map(|e| e.to_string()).collect();
        assert!(problems.is_empty(), "{problems:?}\n{document:#}");
        document
    }

    pub fn deploy_json(&self) -> Value {
        self.json(&["deploy", "--image", self.image], "deploy")
    }

    pub fn kubectl(&self, args: &[&str]) -> String {
        output("kubectl", &[&["--context", "testbed", "--namespace", &self.namespace], args].concat())
    }

    /// A kubeconfig of someone who has nothing but the documented role in this namespace; its context is called as ours.
    pub fn kubeconfig_of_deployer(&self) -> String {
        let role = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/deployer-role.yaml");
        self.kubectl(&["apply", "--filename", role]);
        self.kubectl(&["create", "serviceaccount", "deployer"]);
        let account = format!("--serviceaccount={}:deployer", self.namespace);
        self.kubectl(&["create", "rolebinding", "deployer", "--role=msvc-deployer", &account]);
        let token = self.kubectl(&["create", "token", "deployer"]);
        let all = output("kubectl", &["config", "view", "--raw", "--context=testbed", "--minify", "--output=json"]);
        let mut config: Value = serde_json::from_str(&all).unwrap();
        config["users"][0]["user"] = serde_json::json!({ "token": token.trim() });
        let file = self.path().join(".deployer");
        std::fs::write(&file, config.to_string()).unwrap();
        file.to_str().unwrap().to_owned()
    }

    /// Names of what is there, without what every namespace has.
    pub fn rest(&self) -> Vec<String> {
        let kinds = "deploy,rs,pod,svc,hpa,pdb,netpol,sa,cm,secret,lease,pvc";
        let names = self.kubectl(&["get", kinds, "--output", "name"]);
        let own = ["configmap/kube-root-ca.crt", "serviceaccount/default"];
        names.lines().filter(|n| !own.contains(n)).map(str::to_owned).collect()
    }

    /// Names of the pods that are ready.
    pub fn ready_pods(&self) -> Vec<String> {
        let pods: Value = serde_json::from_str(&self.kubectl(&["get", "pods", "--output", "json"])).unwrap();
        let ready = |pod: &&Value| {
            let conditions = pod["status"]["conditions"].as_array().cloned().unwrap_or_default();
            let ready = conditions.iter().any(|c| c["type"] == "Ready" && c["status"] == "True");
            ready && pod["metadata"]["deletionTimestamp"].is_null()
        };
        let mut names: Vec<String> = pods["items"]
            .as_array()
            .unwrap()
            .iter()
            .filter(ready)
            .map(|pod| pod["metadata"]["name"].as_str().unwrap().to_owned())
            .collect();
        names.sort();
        names
    }

    /// What was seen, without what differs from run to run.
    pub fn seen(&self, output: &Output) -> String {
        let mut text = output.to_string().replace(&self.namespace, "NAMESPACE").replace(self.image, "IMAGE");
        let parts = [
            (r"(probe|gateway|orders|users)-[0-9a-f]{6,10}-[a-z0-9]{5}", "POD"),
            (r"cause: events:\n(?:       .*\n)+", "cause: events: ...\n"),
            (r" \d+\.\ds\n", "\n"),
            (r"sha256:[0-9a-f]{64}", "DIGEST"),
        ];
        for (pattern, by) in parts {
            text = Regex::new(pattern).unwrap().replace_all(&text, by).into_owned();
        }
        text
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = Command::new("kubectl")
            .args([
                "--context",
                "testbed",
                "delete",
                "namespace",
                &self.namespace,
                "--wait=false",
                "--ignore-not-found",
            ])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
    }
}

/// The probe's image, built and pushed once.
fn image() -> &'static str {
    static IMAGE: OnceLock<&str> = OnceLock::new();
    IMAGE.get_or_init(|| {
        let dir = tempfile::tempdir().unwrap();
        let (source, binary) = (concat!(env!("CARGO_MANIFEST_DIR"), "/tests/live/cluster/probe.rs"), "probe");
        let path = dir.path().join(binary);
        let flags = ["--edition=2024", "-O", "-Ctarget-feature=+crt-static", "-Cpanic=abort", "-Cstrip=symbols", "-o"];
        output("rustc", &[&flags[..], &[path.to_str().unwrap(), source]].concat());
        std::fs::write(dir.path().join("Dockerfile"), "FROM scratch\nCOPY probe /probe\nENTRYPOINT [\"/probe\"]\n")
            .unwrap();
        let name = "localhost:5000/msvc-test/probe:live";
        output("docker", &["build", "--quiet", "--tag", name, dir.path().to_str().unwrap()]);
        output("docker", &["push", "--quiet", name]);
        name
    })
}
