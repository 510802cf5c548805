//! Two services in one namespace, with a NATS between them that comes along: what one tells, the other counts once.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::whole_path::{Namespace, get, json_of};
use crate::support::Msvc;
use crate::support::generated::{cargo, target_dir};

/// The programs of the tests, instead of a build of half an hour: how an image is built is tested elsewhere.
const DOCKERFILE: &str = "FROM gcr.io/distroless/cc-debian12:nonroot\nCOPY services/NAME/program /usr/local/bin/program\n\
    USER 65532:65532\nENTRYPOINT [\"/usr/local/bin/program\"]\n";

/// A service of the system, reachable from outside.
fn service(system: &Path, name: &str, args: &[&str]) {
    let new = [&["new", name, "--yes", "--no-git", "--into", "services"], args].concat();
    Msvc::new(system, &new).run().success();
    let dir = system.join("services").join(name);
    let file = dir.join("msvc.yaml");
    let declared = std::fs::read_to_string(&file).unwrap();
    // Where it runs says the system.
    let (declared, _) = declared.split_once("deploy:").unwrap();
    std::fs::write(&file, format!("{declared}deploy: {{ replicas: 2, expose: {{ type: NodePort }} }}\n")).unwrap();
    cargo(&dir, &["build", "--locked"], &[]);
    std::fs::copy(target_dir().join("debug").join(name), dir.join("program")).unwrap();
    std::fs::write(dir.join("Dockerfile"), DOCKERFILE.replace("NAME", name)).unwrap();
}

fn system(namespace: &Namespace) -> tempfile::TempDir {
    let system = tempfile::tempdir().unwrap();
    let declared = format!(
        "apiVersion: msvc/v1\nkind: System\nname: shop\nservices: [services/*]\nenvironments:\n  staging: {{ context: \
         testbed, namespace: {}, registry: 'localhost:5000', backing: development }}\n",
        namespace.0
    );
    std::fs::write(system.path().join("msvc.yaml"), declared).unwrap();
    std::fs::write(system.path().join(".dockerignore"), "*\n!services/*/program\n").unwrap();
    service(system.path(), "sales", &["--set", "events=outbox"]);
    service(system.path(), "mailer", &["--template", "worker"]);
    for args in [&["init", "-q"][..], &["add", "-A"], &["commit", "-qm", "A system"]] {
        let identity = ["-c", "user.name=Test", "-c", "user.email=test@example.org"];
        let status = Command::new("git").args(identity).args(args).current_dir(system.path()).status().unwrap();
        assert!(status.success());
    }
    system
}

fn address(namespace: &Namespace, service: &str) -> String {
    let port = namespace.kubectl(&["get", "service", service, "-o", "jsonpath={.spec.ports[0].nodePort}"]);
    format!("http://127.0.0.1:{port}")
}

#[test]
#[cfg_attr(not(testbed), ignore = "needs TESTBED=1")]
fn what_one_service_tells_another_counts_once_though_its_pods_are_killed() {
    let namespace = Namespace::new();
    let system = system(&namespace);
    json_of(system.path(), &["build", "--push"]);
    let deployed = json_of(system.path(), &["deploy"]);
    let verdicts = deployed["services"].as_array().unwrap().iter().map(|service| &service["verdict"]);
    assert!(verdicts.clone().all(|verdict| verdict == "done"), "{deployed}");

    let (sales, mailer) = (address(&namespace, "sales"), address(&namespace, "mailer"));
    let order = json!({"customer": "ada", "item": "lamp", "quantity": 2, "total": "19.90"});
    for number in 0..40 {
        ureq::post(format!("{sales}/orders")).send_json(&order).unwrap();
        if number == 20 {
            let one =
                ["get", "pods", "-l", "app.kubernetes.io/name=mailer", "-o", "jsonpath={.items[0].metadata.name}"];
            let pod = namespace.kubectl(&one);
            namespace.kubectl(&["delete", "pod", &pod, "--grace-period=0", "--force"]);
        }
    }
    let counted = |count: u32| Some((200, json!([{ "type": "order.created", "count": count }])));
    let since = Instant::now();
    while get(&format!("{mailer}/tallies")) != counted(40) {
        let seen: Option<(u16, Value)> = get(&format!("{mailer}/tallies"));
        assert!(since.elapsed() < Duration::from_mins(2), "{seen:?}");
        std::thread::sleep(Duration::from_millis(200));
    }
    // What comes again, comes after half a minute without an acknowledgement.
    std::thread::sleep(Duration::from_secs(35));
    assert_eq!(get(&format!("{mailer}/tallies")), counted(40));
    Msvc::new(system.path(), &["delete", "--yes"]).run().success();
}
