//! A blueprint's system in a namespace of its own.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::Value;

use crate::support::Msvc;

/// Nothing that is waited for takes longer.
const PATIENCE: Duration = Duration::from_mins(3);

/// Where the systems lie, one after the other: with one folder for all, cargo builds what they share only once.
const DIR: &str = concat!(env!("CARGO_TARGET_TMPDIR"), "/long/system");
const TARGET: &str = concat!(env!("CARGO_TARGET_TMPDIR"), "/long/target");
/// The base of the images comes from the testbed's registry.
const CONFIG: &str = concat!(env!("CARGO_TARGET_TMPDIR"), "/long/config");

/// A deployed system. Its namespace goes with it.
pub struct Deployed {
    pub dir: PathBuf,
    name: &'static str,
    namespace: String,
}

impl Deployed {
    /// Generates the system of a blueprint, for a namespace of its own.
    pub fn new(blueprint: &'static str) -> Self {
        let dir = Path::new(DIR);
        let parent = dir.parent().unwrap();
        let _ = std::fs::remove_dir_all(dir);
        std::fs::create_dir_all(parent).unwrap();
        let namespace = format!("t-long-{:08x}", rand::random::<u32>());
        let set = format!("namespace={namespace}");
        let new = ["new", blueprint, "--blueprint", blueprint, "--yes", "--set", "context=testbed"];
        let new = [&new[..], &["--set", "registry=localhost:5000", "--set", &set]].concat();
        Msvc::new(parent, &new).run().success();
        std::fs::rename(parent.join(blueprint), dir).unwrap();
        Self { dir: dir.to_owned(), name: blueprint, namespace }
    }

    /// Three replicas of a service, of which the blueprint has two.
    pub fn three(&self, service: &str) {
        self.declare(service, "autoscale: { min: 2,", "autoscale: { min: 3,");
    }

    /// Replaces a text in what a service declares.
    fn declare(&self, service: &str, from: &str, to: &str) {
        let file = self.dir.join("services").join(service).join("msvc.yaml");
        let text = std::fs::read_to_string(&file).unwrap();
        assert!(text.contains(from), "{text}");
        std::fs::write(&file, text.replacen(from, to, 1)).unwrap();
    }

    /// These services begin with their sample data.
    pub fn fill(&self, services: &[&str]) {
        for service in services {
            self.declare(service, "deploy:\n", "deploy:\n  env: { SAMPLE_DATA: true }\n");
        }
    }

    /// Builds, pushes, deploys.
    pub fn deploy(&self) {
        let config = Path::new(CONFIG).join("msvc");
        std::fs::create_dir_all(&config).unwrap();
        let mirror = "registries: { gcr.io: { mirror: 'http://localhost:5000' } }\n";
        std::fs::write(config.join("config.yaml"), mirror).unwrap();
        let build = self.msvc(&["build", "--push", "--builder", "native"]);
        let built = build.env("XDG_CONFIG_HOME", CONFIG).env("CARGO_TARGET_DIR", TARGET).run().success();
        eprintln!("{built}");
        let deployed = self.msvc(&["deploy", "--output", "json"]).run().success();
        let last = deployed.stdout.trim();
        let document: Value = serde_json::from_str(last).unwrap();
        for service in document["services"].as_array().unwrap() {
            assert_eq!(service["verdict"], "done", "{document:#}");
            eprintln!("{}: {} s", service["name"], service["seconds"]);
        }
    }

    pub fn msvc(&self, args: &[&str]) -> Msvc {
        Msvc::new(&self.dir, args)
    }

    pub fn kubectl(&self, args: &[&str]) -> String {
        let mut kubectl = Command::new("kubectl");
        let output = kubectl.args(["--context", "testbed", "-n", &self.namespace]).args(args).output().unwrap();
        assert!(output.status.success(), "kubectl {args:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// Where the outside finds a service.
    pub fn address(&self, service: &str) -> String {
        let port = self.kubectl(&["get", "service", service, "-o", "jsonpath={.spec.ports[0].nodePort}"]);
        format!("http://127.0.0.1:{port}")
    }

    /// What the database of a service answers: rows of columns, `|` between these.
    pub fn query(&self, service: &str, sql: &str) -> String {
        let database = format!("deployment/{}-postgres", self.name);
        let psql = r#"PGPASSWORD=$POSTGRES_PASSWORD exec psql -h 127.0.0.1 -U app -d "$0" -tAc "$1""#;
        self.kubectl(&["exec", &database, "--", "sh", "-c", psql, service, sql]).trim().to_owned()
    }

    /// Names of a service's pods that are ready and not about to go.
    pub fn ready(&self, service: &str) -> Vec<String> {
        let label = format!("app.kubernetes.io/name={service}");
        let pods: Value = serde_json::from_str(&self.kubectl(&["get", "pods", "-l", &label, "-o", "json"])).unwrap();
        let is_ready = |pod: &&Value| {
            let conditions = pod["status"]["conditions"].as_array().cloned().unwrap_or_default();
            let ready = conditions.iter().any(|c| c["type"] == "Ready" && c["status"] == "True");
            ready && pod["metadata"]["deletionTimestamp"].is_null()
        };
        let ready = pods["items"].as_array().unwrap().iter().filter(is_ready);
        ready.map(|pod| pod["metadata"]["name"].as_str().unwrap().to_owned()).collect()
    }

    /// Ends every pod that a service has now, one after the other: the next when all are ready again.
    pub fn end_each(&self, service: &str, how: End) {
        let pods = self.ready(service);
        assert!(pods.len() >= 2, "{service}: {pods:?}");
        for pod in &pods {
            let restarts = self.restarts(pod);
            match how {
                End::Deleted => _ = self.kubectl(&["delete", "pod", pod, "--wait=false"]),
                End::Killed => self.kill(service, pod),
            }
            let again = || match how {
                End::Deleted => !self.ready(service).contains(pod),
                End::Killed => self.restarts(pod) > restarts,
            };
            let since = Instant::now();
            while !again() || self.ready(service).len() < pods.len() {
                assert!(since.elapsed() < PATIENCE, "{service} has {:?}", self.ready(service));
                std::thread::sleep(Duration::from_millis(200));
            }
        }
    }

    fn restarts(&self, pod: &str) -> u32 {
        let count = "jsonpath={.status.containerStatuses[0].restartCount}";
        self.kubectl(&["get", "pod", pod, "-o", count]).parse().unwrap()
    }

    /// Kills the process of a pod, which is one of this machine: Kubernetes itself would let it end in order.
    fn kill(&self, service: &str, pod: &str) {
        let uid = self.kubectl(&["get", "pod", pod, "-o", "jsonpath={.metadata.uid}"]);
        let read = |process: u32, file: &str| std::fs::read_to_string(format!("/proc/{process}/{file}"));
        let of_pod = |process: &u32| {
            let group = read(*process, "cgroup").unwrap_or_default();
            let named = read(*process, "comm").is_ok_and(|name| name.trim() == service);
            named && (group.contains(&uid) || group.contains(&uid.replace('-', "_")))
        };
        let all = std::fs::read_dir("/proc").unwrap().filter_map(|e| e.unwrap().file_name().to_str()?.parse().ok());
        let processes: Vec<u32> = all.filter(of_pod).collect();
        assert_eq!(processes.len(), 1, "{pod}: {processes:?}");
        kill(Pid::from_raw(processes[0].try_into().unwrap()), Signal::SIGKILL).unwrap();
    }
}

/// How a pod comes to its end.
#[derive(Debug, Clone, Copy)]
pub enum End {
    /// As in a rollout, or when its node is emptied: it may finish what it does.
    Deleted,
    /// As by a crash, or for want of memory.
    Killed,
}

impl Drop for Deployed {
    fn drop(&mut self) {
        let delete = ["--context", "testbed", "delete", "namespace", &self.namespace, "--wait=false"];
        let _ = Command::new("kubectl").args(delete).output();
    }
}
