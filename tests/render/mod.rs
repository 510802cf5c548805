//! `msvc render`: what is made of a project, whole; what is refused, with its reason; files.

use std::path::Path;

use serde_json::Value;

use crate::support::{Msvc, Output};

mod blueprints;
mod checks;
mod export;
mod fifty;
mod policies;
pub mod projects;

/// Renders with the images of `images.json`.
pub fn render(dir: &Path, args: &[&str]) -> Output {
    Msvc::new(dir, &[&["render", "--images", "images.json"], args].concat()).run()
}

fn one(text: &str) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    projects::write(dir.path(), &[("msvc.yaml", text)]);
    projects::images(dir.path(), &["orders", "order-items"]);
    dir
}

#[test]
fn whole_projects_become_these_objects() {
    for (name, dir, environments) in projects::written() {
        for environment in environments {
            let output = render(dir.path(), &["-e", environment]).success();
            insta::assert_snapshot!(format!("objects_of_{name}_in_{environment}"), output.transcript());
        }
    }
}

#[test]
fn yaml_and_json_hold_the_same_data_wherever_it_is_called() {
    for (_, dir, environments) in projects::written() {
        let environment = environments[0];
        let yaml = render(dir.path(), &["-e", environment]).success().stdout;
        assert_eq!(yaml, render(dir.path(), &["-e", environment]).success().stdout, "a second time");
        let documents: Vec<Value> = serde_saphyr::from_multiple(&yaml).unwrap();
        for args in [&["--format", "json"][..], &["--output", "json"]] {
            let json = render(dir.path(), &[&["-e", environment], args].concat()).success().stdout;
            let list: Value = serde_json::from_str(&json).unwrap();
            assert_eq!(list["kind"], "List");
            assert_eq!(list["items"].as_array().unwrap(), &documents);
        }
    }
}

/// YAML 1.1 readers take a bare `no` for false, and kubectl is one.
#[test]
fn text_that_looks_like_something_else_is_quoted() {
    let (_, dir, _) = projects::written().swap_remove(1);
    let yaml = render(dir.path(), &["-e", "staging"]).success().stdout;
    for line in ["SWITCH: \"no\"", "SHUTDOWN_TIMEOUT: \"45\"", "prometheus.io/scrape: \"true\""] {
        assert!(yaml.contains(line), "{line} in\n{yaml}");
    }
}

/// The backing belongs to no service, so its objects are reached by name.
#[test]
fn the_development_database_can_be_given_a_volume_claim() {
    let patch = "{ spec: { template: { spec: { volumes: [{ name: data, $patch: replace, persistentVolumeClaim: \
                 { claimName: orders-data } }] } } } }";
    let target = "{ kind: Deployment, name: orders-postgres }";
    let text = projects::ONE.replace(
        "environments:",
        &format!("deploy: {{ patches: [{{ target: {target}, patch: {patch} }}] }}\nenvironments:"),
    );
    let yaml = render(one(&text).path(), &[]).success().stdout;
    assert!(
        yaml.contains("- name: data\n        persistentVolumeClaim:\n          claimName: orders-data\n"),
        "{yaml}"
    );
    assert!(!yaml.contains("2Gi"), "{yaml}");
}

#[test]
fn without_a_file_of_images_they_are_named_by_what_lies_there() {
    let dir = one(projects::ONE);
    let image = |dir: &Path| {
        let yaml = Msvc::new(dir, &["render"]).run().success().stdout;
        let line = yaml.lines().find(|l| l.contains("image: localhost:5000/orders:")).unwrap();
        line.trim().to_owned()
    };
    let before = image(dir.path());
    assert_eq!(before, image(dir.path()));
    std::fs::write(dir.path().join("main.rs"), "fn main() {}").unwrap();
    assert_ne!(before, image(dir.path()));
}

#[test]
fn a_file_per_object_beside_files_that_are_not_ours() {
    let dir = one(projects::ONE);
    let out = dir.path().join("out");
    std::fs::create_dir(&out).unwrap();
    std::fs::write(out.join("notes.txt"), "mine").unwrap();
    let listed = render(dir.path(), &["--out", "out"]).success().stdout;
    insta::assert_snapshot!("files_of_a_service", listed);
    assert_eq!(listed, render(dir.path(), &["--out", "out"]).success().stdout);

    // Without the backing its files go, and nothing else does.
    let own = projects::ONE.replace("store: sql", "store: none");
    projects::write(dir.path(), &[("msvc.yaml", &own)]);
    render(dir.path(), &["--out", "out", "--output", "json"]).success();
    let mut left: Vec<_> = out.read_dir().unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    left.sort();
    assert!(left.contains(&"notes.txt".to_owned()) && left.contains(&"deployment-orders.yaml".to_owned()), "{left:?}");
    assert!(!left.iter().any(|name| name.contains("postgres")), "{left:?}");

    std::fs::remove_file(out.join(".msvc-rendered")).unwrap();
    let refused = render(dir.path(), &["--out", "out"]);
    assert_eq!(refused.code, Some(2));
    assert!(refused.stderr.contains("it was not written by `msvc render`"), "{}", refused.stderr);
}

#[test]
fn what_cannot_work_is_refused_with_the_reason() {
    let deploy = |deploy: &str| projects::ONE.replace("environments:", &format!("deploy: {deploy}\nenvironments:"));
    let with = |from: &str, to: &str| projects::ALL.replace(from, to);
    let cases = [
        ("no database", projects::ONE.replace(", backing: development", "")),
        ("sqlite", deploy("{ env: { DATABASE_URL: \"sqlite://x.db\" } }").replace(", backing: development", "")),
        ("port", deploy("{ env: { PORT: 80 } }")),
        ("variable", deploy("{ env: { my-var: 1 } }")),
        ("quantity", deploy("{ resources: { limits: { memory: 64MB } } }")),
        ("management port", projects::ONE.replace("template:", "port: 9090\ntemplate:")),
        ("drain", deploy("{ env: { SHUTDOWN_TIMEOUT: 20s } }")),
        ("network", deploy("{ egress: [{ cidr: 10.0.0.0 }] }")),
        ("toleration", deploy("{ scheduling: { tolerations: [{ key: 1 }] } }")),
        ("patch target", deploy("{ patches: [{ target: { kind: Deploymnet }, patch: {} }] }")),
        ("patch name", deploy("{ patches: [{ target: { kind: Service, name: order }, patch: {} }] }")),
        ("patch identity", deploy("{ patches: [{ target: { kind: Service }, patch: { metadata: { name: x } } }] }")),
        (
            "patch item",
            deploy("{ patches: [{ target: { kind: Service }, patch: { spec: { ports: [{ name: x }] } } }] }"),
        ),
        ("no manifests", deploy("{ manifests: [k8s/*.yaml] }")),
        ("gateway", with("infra/public", "public")),
        ("gateway and tls", with("tls: null, ", "")),
    ];
    let mut told = String::new();
    for (name, text) in cases {
        let dir = one(&text);
        if text.contains("order-items") {
            projects::write(dir.path(), &[("k8s/own.yaml", projects::MANIFESTS)]);
        }
        let environment = if text.contains("production") { "production" } else { "staging" };
        let output = render(dir.path(), &["-e", environment]);
        assert_eq!(output.code, Some(2), "{name}: {output}");
        assert_eq!(output.stdout, "");
        told += &format!("# {name}\n{}\n", output.stderr.replace(dir.path().to_str().unwrap(), "DIR"));
    }
    insta::assert_snapshot!(told);
}

#[test]
fn manifests_are_refused_with_their_place() {
    let text = projects::ONE.replace("environments:", "deploy: { manifests: [k8s/**/*.yaml] }\nenvironments:");
    let object = "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: NAME }\n";
    let mut told = String::new();
    for (name, manifest) in [
        ("syntax", "kind: [\n".to_owned()),
        ("twice the same key", object.replace("NAME", "a") + "kind: Secret\n"),
        ("no object", object.replace("NAME", "a") + "---\nname: x\n"),
        ("the name of ours", object.replace("NAME", "orders")),
    ] {
        let dir = one(&text);
        projects::write(dir.path(), &[("k8s/deep/own.yaml", &manifest)]);
        let output = render(dir.path(), &[]);
        assert_eq!(output.code, Some(2), "{name}: {output}");
        told += &format!("# {name}\n{}\n", output.stderr);
    }
    insta::assert_snapshot!(told);
}

#[test]
fn images_are_taken_from_what_a_build_printed() {
    let dir = one(projects::ONE);
    let mut told = String::new();
    for (name, text) in [
        ("not JSON", "images:"),
        ("another document", "{\"services\": []}"),
        ("another service", "{\"images\": [{\"service\": \"users\", \"reference\": \"users:v1\"}]}"),
    ] {
        projects::write(dir.path(), &[("images.json", text)]);
        let output = render(dir.path(), &[]);
        assert_eq!(output.code, Some(2), "{name}: {output}");
        told += &format!("# {name}\n{}\n", output.stderr);
    }
    insta::assert_snapshot!(told);
}
