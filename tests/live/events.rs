//! Two services in one namespace, with a NATS between them that comes along: what one tells, the other counts once. The
//! first has all options: who orders has an account, and what is read is cached in a Redis that comes along, too.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::whole_path::{Namespace, get, json_of};
use crate::support::Msvc;
use crate::support::generated::{cargo, program};

/// The programs of the tests, instead of a build of half an hour: how an image is built is tested elsewhere.
const DOCKERFILE: &str = "FROM gcr.io/distroless/cc-debian12:nonroot\nCOPY services/NAME/program /usr/local/bin/program\n\
    USER 65532:65532\nENTRYPOINT [\"/usr/local/bin/program\"]\n";

/// A service of the system, reachable from outside.
fn service(system: &Path, name: &str, secrets: &str, args: &[&str]) {
    let new = [&["new", name, "--yes", "--no-git", "--into", "services"], args].concat();
    Msvc::new(system, &new).run().success();
    let dir = system.join("services").join(name);
    let file = dir.join("msvc.yaml");
    let declared = std::fs::read_to_string(&file).unwrap();
    // Where it runs says the system.
    let (declared, _) = declared.split_once("deploy:").unwrap();
    std::fs::write(&file, format!("{declared}deploy: {{ replicas: 2, expose: {{ type: NodePort }}{secrets} }}\n"))
        .unwrap();
    cargo(&dir, &["build", "--locked"], &[]);
    std::fs::copy(program(&dir, name), dir.join("program")).unwrap();
    std::fs::write(dir.join("Dockerfile"), DOCKERFILE.replace("NAME", name)).unwrap();
}

fn system(namespace: &Namespace) -> tempfile::TempDir {
    let system = tempfile::tempdir().unwrap();
    let declared = format!(
        "apiVersion: msvc/v1\nkind: System\nname: shop\nservices: [services/*]\nenvironments:\n  staging: {{ context: \
         testbed, namespace: {}, registry: 'localhost:5000', backing: development }}\n",
        namespace.0
    );
    std::fs::write(system.path().join(".dockerignore"), "*\n!services/*/program\n").unwrap();
    let keys = ", secrets: { JWT_KEYS: { name: sales-jwt, key: keys } }";
    let options = ["--set", "auth=jwt", "--set", "events=outbox", "--set", "cache=redis", "--set", "otel=true"];
    service(system.path(), "sales", keys, &options);
    service(system.path(), "mailer", "", &["--template", "worker"]);
    // Now they are one system, though each keeps a workspace of its own.
    std::fs::write(system.path().join("msvc.yaml"), declared).unwrap();
    for args in [&["init", "-q"][..], &["add", "-A"], &["commit", "-qm", "A system"]] {
        let identity = ["-c", "user.name=Test", "-c", "user.email=test@example.org"];
        let status = Command::new("git").args(identity).args(args).current_dir(system.path()).status().unwrap();
        assert!(status.success());
    }
    system
}

/// The key that signs tokens of all replicas.
fn set_key(system: &Path) {
    let mut set = Msvc::new(system, &["secret", "set", "JWT_KEYS"]).command();
    let mut set = set.stdin(Stdio::piped()).spawn().unwrap();
    let key = format!("first:{}=", "A".repeat(43));
    set.stdin.take().unwrap().write_all(key.as_bytes()).unwrap();
    assert!(set.wait().unwrap().success());
}

/// A token of somebody who has registered.
fn token(sales: &str) -> String {
    let ada = json!({"email": "ada@example.org", "password": "correct horse"});
    ureq::post(format!("{sales}/register")).send_json(&ada).unwrap();
    let mut tokens = ureq::post(format!("{sales}/login")).send_json(&ada).unwrap();
    let tokens: Value = tokens.body_mut().read_json().unwrap();
    format!("Bearer {}", tokens["access_token"].as_str().unwrap())
}

fn read(url: &str, token: &str) -> Value {
    let answer = ureq::get(url).header("authorization", token).call();
    answer.unwrap().body_mut().read_json().unwrap()
}

/// A record that was read is in Redis, and can be read without it.
fn is_cached(namespace: &Namespace, sales: &str, token: &str, order: &Value) {
    let id = order["id"].as_str().unwrap();
    let one = format!("{sales}/orders/{id}");
    assert_eq!(read(&one, token), *order);
    let keys = ["exec", "deployment/shop-redis", "--", "sh", "-c", "REDISCLI_AUTH=$REDIS_PASSWORD redis-cli keys '*'"];
    let keys = namespace.kubectl(&keys);
    assert!(keys.contains(&format!("sales/order/{id}")), "{keys}");
    namespace.kubectl(&["scale", "deployment/shop-redis", "--replicas=0"]);
    for _ in 0..20 {
        assert_eq!(read(&one, token), *order);
    }
    assert_eq!(get(&one).map(|answer| answer.0), Some(401));
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
    set_key(system.path());
    let deployed = json_of(system.path(), &["deploy"]);
    let verdicts = deployed["services"].as_array().unwrap().iter().map(|service| &service["verdict"]);
    assert!(verdicts.clone().all(|verdict| verdict == "done"), "{deployed}");

    let (sales, mailer) = (address(&namespace, "sales"), address(&namespace, "mailer"));
    let order = json!({"customer": "ada", "item": "lamp", "quantity": 2, "total": "19.90"});
    let (token, mut created) = (token(&sales), Value::Null);
    for number in 0..40 {
        let request = ureq::post(format!("{sales}/orders")).header("authorization", &token);
        created = request.send_json(&order).unwrap().body_mut().read_json().unwrap();
        if number == 20 {
            let one =
                ["get", "pods", "-l", "app.kubernetes.io/name=mailer", "-o", "jsonpath={.items[0].metadata.name}"];
            let pod = namespace.kubectl(&one);
            namespace.kubectl(&["delete", "pod", &pod, "--grace-period=0", "--force"]);
        }
    }
    is_cached(&namespace, &sales, &token, &created);
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
