//! From nothing to pods that answer, scale, survive a bad release, and are taken away again.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::stage::output;
use crate::support::Msvc;

/// A namespace that goes with the test.
pub struct Namespace(pub String);

impl Namespace {
    pub fn new() -> Self {
        Self(format!("t-path-{:08x}", rand::random::<u32>()))
    }

    pub fn kubectl(&self, args: &[&str]) -> String {
        output("kubectl", &[&["--context", "testbed", "-n", &self.0], args].concat())
    }
}

impl Drop for Namespace {
    fn drop(&mut self) {
        let _ = Command::new("kubectl")
            .args(["--context", "testbed", "delete", "namespace", &self.0, "--wait=false"])
            .output();
    }
}

pub fn json_of(dir: &Path, args: &[&str]) -> Value {
    let run = Msvc::new(dir, &[args, &["--output", "json"]].concat()).run().success();
    serde_json::from_str(&run.stdout).unwrap()
}

/// One request on a connection of its own; `None`: it was not answered.
pub fn get(url: &str) -> Option<(u16, Value)> {
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .timeout_global(Some(Duration::from_secs(10)))
        .max_idle_connections(0)
        .build()
        .into();
    let mut response = agent.get(url).call().ok()?;
    let status = response.status().as_u16();
    Some((status, response.body_mut().read_json().unwrap_or(Value::Null)))
}

/// Requests one after the other until it is stopped, at most for ten minutes.
struct Load {
    stop: Arc<AtomicBool>,
    workers: Vec<JoinHandle<()>>,
    sent: Arc<AtomicU32>,
    failed: Arc<AtomicU32>,
}

impl Load {
    fn start(url: &str, workers: usize, pause: Duration) -> Self {
        let (stop, sent, failed) = (Arc::new(AtomicBool::new(false)), Arc::default(), Arc::default());
        let until = Instant::now() + Duration::from_mins(10);
        let workers = (0..workers)
            .map(|_| {
                let (url, stop, sent, failed): (_, _, Arc<AtomicU32>, Arc<AtomicU32>) =
                    (url.to_owned(), Arc::clone(&stop), Arc::clone(&sent), Arc::clone(&failed));
                std::thread::spawn(move || {
                    while !stop.load(Ordering::Relaxed) && Instant::now() < until {
                        sent.fetch_add(1, Ordering::Relaxed);
                        if get(&url).is_none_or(|(status, _)| status != 200) {
                            failed.fetch_add(1, Ordering::Relaxed);
                        }
                        std::thread::sleep(pause);
                    }
                })
            })
            .collect();
        Self { stop, workers, sent, failed }
    }

    /// How many were sent, and how many of them failed.
    fn stop(self) -> (u32, u32) {
        self.stop.store(true, Ordering::Relaxed);
        for worker in self.workers {
            worker.join().unwrap();
        }
        (self.sent.load(Ordering::Relaxed), self.failed.load(Ordering::Relaxed))
    }
}

/// `kubectl port-forward` to one pod.
pub struct Forward(Child, pub String);

impl Forward {
    pub fn to(namespace: &Namespace, pod: &str) -> Self {
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let child = Command::new("kubectl")
            .args(["--context", "testbed", "-n", &namespace.0, "port-forward", pod, &format!("{port}:8080")])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let forward = Self(child, format!("http://127.0.0.1:{port}"));
        let since = Instant::now();
        while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(since.elapsed() < Duration::from_secs(20), "no way to {pod}");
            std::thread::sleep(Duration::from_millis(50));
        }
        forward
    }
}

impl Drop for Forward {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn edit(file: &Path, from: &str, to: &str) {
    let text = std::fs::read_to_string(file).unwrap();
    assert!(text.contains(from), "{from:?} is not in {}", file.display());
    std::fs::write(file, text.replacen(from, to, 1)).unwrap();
}

fn commit(dir: &Path, message: &str) {
    let identity = ["-c", "user.name=Test", "-c", "user.email=test@example.org"];
    let status =
        Command::new("git").args(identity).args(["commit", "-qam", message]).current_dir(dir).status().unwrap();
    assert!(status.success());
}

/// The same order from every pod, whichever took it.
fn every_replica_gives_the_same(namespace: &Namespace, base: &str) {
    let order = json!({"customer": "ada", "item": "lamp", "quantity": 2, "total": "19.90"});
    let mut created = ureq::post(format!("{base}/orders")).send_json(&order).unwrap();
    let created: Value = created.body_mut().read_json().unwrap();
    let path = format!("/orders/{}", created["id"].as_str().unwrap());
    let pods = namespace.kubectl(&["get", "pods", "-l", "app.kubernetes.io/name=orders", "-o", "name"]);
    assert_eq!(pods.lines().count(), 2, "{pods}");
    for pod in pods.lines() {
        let forward = Forward::to(namespace, pod);
        assert_eq!(get(&format!("{}{path}", forward.1)), Some((200, created.clone())), "{pod}");
    }
}

/// How many are wanted, and how many are ready.
fn pods(dir: &Path) -> (u64, u64) {
    let service = &json_of(dir, &["status"])["services"][0];
    (service["desired"].as_u64().unwrap(), service["ready"].as_u64().unwrap())
}

fn scales_up_and_down(dir: &Path, base: &str) {
    let load = Load::start(&format!("{base}/orders?limit=100"), 8, Duration::ZERO);
    let since = Instant::now();
    while pods(dir).1 <= 2 {
        assert!(since.elapsed() < Duration::from_secs(150), "it was not scaled up: {}", json_of(dir, &["status"]));
        std::thread::sleep(Duration::from_secs(1));
    }
    load.stop();
    is_scaled_down(dir);
}

fn is_scaled_down(dir: &Path) {
    let since = Instant::now();
    while pods(dir) != (2, 2) {
        assert!(since.elapsed() < Duration::from_mins(4), "it was not scaled down: {}", json_of(dir, &["status"]));
        std::thread::sleep(Duration::from_secs(1));
    }
}

fn a_changed_line_is_deployed_without_a_failing_request(dir: &Path, base: &str) {
    edit(&dir.join("src/lib.rs"), "env!(\"CARGO_PKG_DESCRIPTION\")", "\"The second release.\"");
    commit(dir, "A second release");
    let load = Load::start(&format!("{base}/orders"), 2, Duration::from_millis(5));
    let deployed = json_of(dir, &["deploy", "--build"]);
    let (sent, failed) = load.stop();
    assert_eq!(deployed["revision"], json!(2), "{deployed}");
    assert!(sent > 100, "only {sent} requests during the deploy");
    assert_eq!(failed, 0, "of {sent} requests");
    let document = get(&format!("{base}/openapi.json")).unwrap().1;
    assert_eq!(document["info"]["description"], json!("The second release."));
}

fn a_broken_image_fails_with_its_reason_and_the_old_pods_serve(dir: &Path, base: &str) {
    let broken =
        Msvc::new(dir, &["deploy", "--image", "localhost:5000/library/busybox:stable", "--timeout", "120s"]).run();
    assert_eq!(broken.code, Some(1), "{broken}");
    assert!(broken.stderr.contains("error:") && broken.stderr.contains("orders"), "{broken}");
    assert_eq!(get(&format!("{base}/orders")).unwrap().0, 200);
    let status = json_of(dir, &["status"]);
    assert_ne!(status["services"][0]["problems"], json!([]), "{status}");
}

fn status_keeps_to_its_schema_and_logs_come_from_every_pod(dir: &Path) {
    let schema = Msvc::new(dir, &["schema", "status"]).run().success();
    let schema: Value = serde_json::from_str(&schema.stdout).unwrap();
    let status = json_of(dir, &["status"]);
    jsonschema::validate(&schema, &status).unwrap();
    let service = &status["services"][0];
    assert_eq!((&service["name"], &service["state"]), (&json!("orders"), &json!("running")), "{status}");
    assert_eq!((&service["ready"], &service["desired"]), (&json!(2), &json!(2)), "{status}");
    let text = Msvc::new(dir, &["status"]).run().success().stdout;
    assert!(text.contains("orders") && text.contains("running") && text.contains("2/2"), "{text}");
    let logs = Msvc::new(dir, &["logs"]).run().success().stdout;
    assert!(logs.contains("starting"), "{logs}");
}

#[test]
#[cfg_attr(not(testbed), ignore = "needs TESTBED=1")]
fn a_service_goes_the_whole_path_and_back() {
    let namespace = Namespace::new();
    let parent = tempfile::tempdir().unwrap();
    let dir = parent.path().join("orders");
    let set = format!("namespace={}", namespace.0);
    let args =
        ["new", "orders", "--yes", "--set", "context=testbed", "--set", "registry=localhost:5000", "--set", &set];
    Msvc::new(parent.path(), &args).run().success();
    edit(&dir.join("msvc.yaml"), "deploy:\n", "deploy:\n  expose: { type: NodePort }\n");
    commit(&dir, "Reachable from outside");

    let built = json_of(&dir, &["build", "--push"]);
    assert!(built["images"][0]["digest"].as_str().unwrap().starts_with("sha256:"), "{built}");
    let deployed = json_of(&dir, &["deploy"]);
    assert_eq!((&deployed["revision"], &deployed["services"][0]["verdict"]), (&json!(1), &json!("done")), "{deployed}");

    let port = namespace.kubectl(&["get", "service", "orders", "-o", "jsonpath={.spec.ports[0].nodePort}"]);
    let base = format!("http://127.0.0.1:{port}");
    every_replica_gives_the_same(&namespace, &base);
    super::entrance::a_gateway_leads_to_orders(parent.path(), &namespace.0);
    scales_up_and_down(&dir, &base);
    a_changed_line_is_deployed_without_a_failing_request(&dir, &base);
    a_broken_image_fails_with_its_reason_and_the_old_pods_serve(&dir, &base);

    json_of(&dir, &["deploy"]);
    // The load of a moment ago may have made it more.
    is_scaled_down(&dir);
    status_keeps_to_its_schema_and_logs_come_from_every_pod(&dir);
    let again = Msvc::new(&dir, &["deploy", "--build"]).run().success();
    assert!(again.stderr.contains("orders is unchanged: localhost:5000/orders:"), "{again}");
    assert!(again.stdout.starts_with("nothing to do"), "{again}");
    // A commit that no image is made of: what runs is found by what it is made of, and goes on.
    edit(&dir.join("README.md"), "# orders", "# All orders");
    commit(&dir, "A better title");
    let again = Msvc::new(&dir, &["deploy", "--build"]).run().success();
    assert!(again.stderr.contains(" is the image sha256:"), "{again}");
    assert!(again.stdout.starts_with("nothing to do"), "{again}");

    Msvc::new(&dir, &["delete", "--yes"]).run().success();
    let left = namespace.kubectl(&[
        "get",
        "all,configmaps,secrets,serviceaccounts,networkpolicies,poddisruptionbudgets,horizontalpodautoscalers,leases",
        "-o",
        "name",
    ]);
    // Every namespace has these from the cluster itself.
    let left: Vec<&str> =
        left.lines().filter(|l| !matches!(*l, "configmap/kube-root-ca.crt" | "serviceaccount/default")).collect();
    assert!(left.is_empty(), "left: {left:?}");
}
