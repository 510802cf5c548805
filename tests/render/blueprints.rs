//! Every blueprint in a cluster: whoever declares to call somebody may, and nobody else.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use super::policies::Cluster;
use super::{projects, render};
use crate::support::Msvc;

/// What is in msvc.yaml; what a test knows of a system it reads here and not from msvc.
fn read(file: &Path) -> Value {
    serde_saphyr::from_str(&std::fs::read_to_string(file).unwrap()).unwrap()
}

fn list(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().map(|item| item.as_str().unwrap().to_owned()).collect()
}

/// A blueprint's system, with a second environment, that of users whose databases are elsewhere.
fn system(blueprint: &str) -> (tempfile::TempDir, std::path::PathBuf, Vec<Value>) {
    let parent = tempfile::tempdir().unwrap();
    Msvc::new(parent.path(), &["new", "shop", "--blueprint", blueprint, "--yes", "--no-git"]).run().success();
    let dir = parent.path().join("shop");
    let mut services = Vec::new();
    for folder in dir.join("services").read_dir().into_iter().flatten() {
        let file = folder.unwrap().path().join("msvc.yaml");
        let service = read(&file);
        if service["template"]["options"]["store"] == "sql" {
            let secrets = "secrets: { DATABASE_URL: { name: db, key: url } }";
            let text = std::fs::read_to_string(&file).unwrap();
            let text = format!("{text}environments: {{ production: {{ deploy: {{ {secrets} }} }} }}\n");
            std::fs::write(&file, text).unwrap();
        }
        services.push(service);
    }
    let file = dir.join("msvc.yaml");
    let text = std::fs::read_to_string(&file).unwrap();
    let production = "environments:\n  production: { registry: registry.example.org/shop }\n";
    std::fs::write(&file, text.replace("environments:\n", production)).unwrap();
    let names: Vec<&str> = services.iter().map(|service| service["name"].as_str().unwrap()).collect();
    projects::images(&dir, &names);
    (parent, dir, services)
}

/// Who may talk to whom by what the services declare.
fn declared(services: &[Value], development: bool) -> BTreeSet<String> {
    let mut ways = BTreeSet::new();
    let name = |service: &Value| service["name"].as_str().unwrap().to_owned();
    let option = |service: &Value, option: &str| service["template"]["options"][option].as_str().map(str::to_owned);
    let port = |service: &Value| service["port"].as_u64().unwrap_or(8080);
    let named = |wanted: &str| services.iter().find(|service| service["name"] == wanted).unwrap();
    let outbox = |service: &Value| option(service, "events").as_deref() == Some("outbox");
    for service in services {
        let me = name(service);
        let mut way = |from: &str, to: &str| _ = ways.insert(format!("{from} -> {to}"));
        way(&me, "dns:53");
        way(&me, "dns:53/UDP");
        way("prometheus", &format!("{me}:9090"));
        let entities = service["entities"].as_object().into_iter().flatten();
        let fields = entities.flat_map(|(_, entity)| entity["fields"].as_object().into_iter().flatten());
        let references = fields.filter_map(|(_, field)| field["references"].as_str()?.split_once('/'));
        let called = list(&service["uses"]).into_iter().chain(references.map(|(service, _)| service.to_owned()));
        for other in called.filter(|other| *other != me) {
            way(&me, &format!("{other}:{}", port(named(&other))));
        }
        if !service["deploy"]["expose"].is_null() {
            for other in ["dns", "prometheus", "neighbour", "stranger", "internet"] {
                way(other, &format!("{me}:{}", port(service)));
            }
        }
        let hears = |other: &Value| {
            let published = other["publishes"].as_object();
            list(&service["subscribes"]).iter().any(|event| published.is_some_and(|all| all.contains_key(event)))
        };
        if development {
            if option(service, "store").as_deref() == Some("sql") {
                way(&me, "shop-postgres:5432");
            }
            if option(service, "cache").as_deref() == Some("redis") {
                way(&me, "shop-redis:6379");
            }
            if outbox(service) || !list(&service["subscribes"]).is_empty() {
                way(&me, "shop-nats:4222");
            }
        } else {
            for publisher in services.iter().filter(|other| outbox(other) && hears(other)) {
                way(&name(publisher), &format!("{me}:{}", port(service)));
            }
        }
    }
    ways
}

#[test]
fn every_declared_edge_is_open_and_nothing_else_is() {
    let blueprints = Path::new(env!("CARGO_MANIFEST_DIR")).join("blueprints");
    let mut seen = 0;
    for blueprint in blueprints.read_dir().unwrap() {
        let blueprint = blueprint.unwrap().file_name().into_string().unwrap();
        let (_parent, dir, services) = system(&blueprint);
        if services.is_empty() {
            continue;
        }
        seen += services.len();
        for environment in ["staging", "production"] {
            let json = render(&dir, &["-e", environment, "--format", "json"]).success().stdout;
            let list: Value = serde_json::from_str(&json).unwrap();
            let open = Cluster::of(list["items"].as_array().unwrap()).among_others().ways();
            let declared = declared(&services, environment == "staging");
            let open_only: Vec<_> = open.difference(&declared).collect();
            let closed: Vec<_> = declared.difference(&open).collect();
            assert!(
                open_only.is_empty() && closed.is_empty(),
                "{blueprint} in {environment}: open though nobody declares it: {open_only:#?}, closed: {closed:#?}"
            );
        }
    }
    assert!(seen > 5, "{seen} services");
}

/// What git leaves out, images and clones lack: local databases lie in `data/`, and nothing of a blueprint may.
#[test]
fn git_leaves_out_no_file_of_a_blueprint() {
    for blueprint in Path::new(env!("CARGO_MANIFEST_DIR")).join("blueprints").read_dir().unwrap() {
        let blueprint = blueprint.unwrap().file_name().into_string().unwrap();
        let parent = tempfile::tempdir().unwrap();
        Msvc::new(parent.path(), &["new", "shop", "--blueprint", &blueprint, "--yes"]).run().success();
        let status = ["status", "--porcelain", "--ignored"];
        let left_out = Command::new("git").args(status).current_dir(parent.path().join("shop")).output().unwrap();
        assert_eq!(String::from_utf8(left_out.stdout).unwrap(), "", "{blueprint}");
    }
}
