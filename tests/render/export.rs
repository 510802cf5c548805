//! The forms of other tools make the objects that `render` prints, as these tools themselves say.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use super::{projects, render};
use crate::support::testbed_tool;

#[track_caller]
fn said(command: &mut Command) -> String {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Objects by what identifies them.
fn by_name(documents: Vec<Value>) -> BTreeMap<String, Value> {
    let name = |o: &Value| format!("{} {} {}", o["kind"], o["metadata"]["namespace"], o["metadata"]["name"]);
    documents.into_iter().filter(|o| !o.is_null()).map(|o| (name(&o), o)).collect()
}

fn rendered(dir: &Path, environment: &str) -> BTreeMap<String, Value> {
    let json = render(dir, &["-e", environment, "--format", "json"]).success().stdout;
    let list: Value = serde_json::from_str(&json).unwrap();
    by_name(list["items"].as_array().unwrap().clone())
}

#[test]
fn a_kustomization_is_a_base_and_what_each_environment_changes() {
    let (_, dir, _) = projects::written().swap_remove(1);
    let listed = render(dir.path(), &["--format", "kustomize", "--out", "k"]).success();
    let read = |file: &str| std::fs::read_to_string(dir.path().join("k").join(file)).unwrap();
    let files = ["kustomization.yaml", "patch-deployment-order-items.yaml"];
    let texts = files.map(|file| format!("# {file}\n{}", read(&format!("overlays/production/{file}"))));
    insta::assert_snapshot!(format!("{}\n{}", listed.stdout, texts.join("\n")));

    let nowhere = render(dir.path(), &["--format", "kustomize"]);
    assert_eq!(nowhere.code, Some(2), "{nowhere}");
    assert!(nowhere.stderr.contains("hint: name a folder for them: --out DIR"), "{nowhere}");
}

#[test]
fn a_chart_has_values_for_what_differs_between_installations() {
    let (_, dir, _) = projects::written().swap_remove(1);
    render(dir.path(), &["-e", "production", "--format", "helm", "--out", "chart"]).success();
    insta::assert_snapshot!(std::fs::read_to_string(dir.path().join("chart/values.yaml")).unwrap());
    let again = render(dir.path(), &["-e", "staging", "--format", "helm", "--out", "chart"]).success();
    assert!(!again.stdout.contains("httproute"), "{again}");
    assert!(
        !dir.path().join("chart/templates/httproute-order-items.yaml").exists(),
        "what is not written is taken away"
    );
}

#[test]
#[cfg_attr(not(testbed), ignore = "needs TESTBED=1")]
fn kustomize_makes_the_same_objects() {
    for (name, dir, environments) in projects::written() {
        render(dir.path(), &["--format", "kustomize", "--out", "k"]).success();
        for environment in environments {
            let overlay = format!("k/overlays/{environment}");
            let made = said(Command::new("kubectl").args(["kustomize", &overlay]).current_dir(dir.path()));
            let wanted = rendered(dir.path(), environment);
            assert_eq!(by_name(serde_saphyr::from_multiple(&made).unwrap()), wanted, "{name} in {environment}");
        }
    }
}

#[test]
#[ignore = "needs Helm: just helm"]
fn helm_makes_the_same_objects_and_has_nothing_to_say() {
    let helm = testbed_tool("helm");
    for (name, dir, environments) in projects::written() {
        for environment in environments {
            let wanted = rendered(dir.path(), environment);
            let chart = format!("chart-{environment}");
            render(dir.path(), &["-e", environment, "--format", "helm", "--out", &chart]).success();
            let namespace =
                wanted.values().find(|o| o["kind"] == "Deployment").unwrap()["metadata"]["namespace"].clone();
            let args = ["template", "any", &chart, "--namespace", namespace.as_str().unwrap()];
            let made = said(Command::new(&helm).args(args).current_dir(dir.path()));
            assert_eq!(by_name(serde_saphyr::from_multiple(&made).unwrap()), wanted, "{name} in {environment}");
            said(Command::new(&helm).args(["lint", "--strict", "--quiet", &chart]).current_dir(dir.path()));
        }
    }
}
