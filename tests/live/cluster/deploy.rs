//! The life of a service in a cluster: deployed, changed, looked at, taken away.

use serde_json::Value;

use super::stage::Place;

fn actions(document: &Value) -> Vec<String> {
    let changes = document["changes"].as_array().unwrap();
    changes.iter().map(|c| format!("{} {}", c["action"].as_str().unwrap(), c["object"].as_str().unwrap())).collect()
}

#[test]
#[cfg_attr(not(testbed), ignore = "needs TESTBED=1")]
fn a_service_from_its_first_deploy_to_its_deletion() {
    let place = Place::new("{ replicas: 2, manifests: [extra.yaml] }");
    place.write("extra.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: extra }\ndata: { a: b }\n");
    let rehearsed = place.deploy(&["--dry-run"]).success();
    assert!(rehearsed.stdout.contains("created    Deployment/probe"), "{rehearsed}");
    insta::assert_snapshot!("first_deploy", place.seen(&place.deploy(&[]).success()));
    let first_pods = place.ready_pods();
    assert_eq!(first_pods.len(), 2);

    insta::assert_snapshot!("again", place.seen(&place.deploy(&[]).success()));
    let again = place.deploy_json();
    assert_eq!(again["revision"], 1);
    assert_eq!(again["services"][0]["verdict"], "done");
    assert!(actions(&again).iter().all(|a| a.starts_with("unchanged ")), "{again}");

    // A changed setting rolls the pods; an object that is gone from the project is pruned.
    place.says("{ replicas: 2, env: { GREETING: hi } }");
    let rehearsed = place.deploy(&["--dry-run"]).success();
    insta::assert_snapshot!("dry_run", place.seen(&rehearsed));
    insta::assert_snapshot!("diff", place.seen(&place.diff()));
    assert_eq!(place.ready_pods(), first_pods);
    let changed = place.deploy_json();
    assert_eq!(changed["revision"], 2);
    assert!(actions(&changed).contains(&"pruned ConfigMap/extra".to_owned()), "{changed}");
    assert!(actions(&changed).contains(&"configured Deployment/probe".to_owned()), "{changed}");
    assert!(place.ready_pods().iter().all(|pod| !first_pods.contains(pod)));
    assert_eq!(place.diff().success().stdout, "no differences: staging is as the project says\n");

    let status = place.json(&["status"], "status");
    let service = &status["services"][0];
    assert_eq!((&service["ready"], &service["desired"], &service["state"]), (&2.into(), &2.into(), &"running".into()));
    assert_eq!(service["endpoints"][0], format!("http://probe.{}.svc", place.namespace));
    assert_eq!(service["problems"], serde_json::json!([]));

    let logs = place.msvc(&["logs"]).run().success();
    assert!(logs.stdout.lines().filter(|l| l.ends_with(" | listening")).count() >= 2, "{logs}");
    let lines = place.msvc(&["logs", "probe", "--tail", "1", "--output", "json"]).run().success();
    let line: Value = serde_json::from_str(lines.stdout.lines().next().unwrap()).unwrap();
    assert_eq!((&line["line"], &line["service"]), (&"listening".into(), &"probe".into()));

    // Back to the first: its config and its objects, as a deploy of its own.
    let back = place.msvc(&["rollback"]).run().success();
    assert!(back.stdout.contains("created    ConfigMap/extra"), "{back}");
    let history = place.json(&["history"], "history");
    let revisions: Vec<u64> =
        history["revisions"].as_array().unwrap().iter().map(|r| r["revision"].as_u64().unwrap()).collect();
    assert_eq!(revisions, [3, 2, 1]);
    assert_eq!(place.msvc(&["rollback", "9"]).run().code, Some(2));

    let unsure = place.msvc(&["delete"]).run();
    assert_eq!(unsure.code, Some(2), "{unsure}");
    assert_eq!(place.ready_pods().len(), 2);
    let deleted = place.json(&["delete", "--yes"], "delete");
    assert_eq!(deleted["kept"], serde_json::json!([]));
    assert_eq!(place.rest(), Vec::<String>::new());
    let nothing = place.msvc(&["delete", "--yes"]).run().success();
    assert_eq!(nothing.stdout, "nothing to do: nothing is deployed in staging\n");
}

#[test]
#[cfg_attr(not(testbed), ignore = "needs TESTBED=1")]
fn the_number_of_pods_goes_to_the_autoscaler_and_back_without_a_dip() {
    let place = Place::new("{ replicas: 3 }");
    place.deploy(&[]).success();
    let pods = place.ready_pods();
    assert_eq!(pods.len(), 3);
    place.says("{ autoscale: { min: 2, max: 4 } }");
    place.deploy(&[]).success();
    // Nothing but the autoscaler itself, which waits before it scales down, may end a pod.
    assert!(place.ready_pods().iter().filter(|p| pods.contains(p)).count() >= 2);
    a_scale_by_hand_holds_until_the_next_deploy(&place);
    place.says("{ replicas: 3 }");
    place.deploy(&[]).success();
    assert_eq!(place.ready_pods().len(), 3);
    assert!(!place.rest().iter().any(|name| name.contains("horizontalpodautoscaler")));
}

fn a_scale_by_hand_holds_until_the_next_deploy(place: &Place) {
    let bounds =
        || place.kubectl(&["get", "hpa", "probe", "--output", "jsonpath={.spec.minReplicas} {.spec.maxReplicas}"]);
    let scaled = place.json(&["scale", "probe", "4..5"], "scale");
    assert_eq!((&scaled["ready"], &scaled["autoscaler"]), (&4.into(), &true.into()), "{scaled}");
    assert_eq!((bounds().as_str(), place.ready_pods().len()), ("4 5", 4));
    let stopped = place.msvc(&["scale", "probe", "0"]).run().success();
    assert_eq!(stopped.stdout, "probe has 0 pods; the next deploy returns to what msvc.yaml says\n");
    place.deploy(&[]).success();
    assert_eq!(bounds(), "2 4");
    assert!(place.ready_pods().len() >= 2);
}

#[test]
#[cfg_attr(not(testbed), ignore = "needs TESTBED=1")]
fn what_someone_else_set_is_named_and_taken_only_when_asked_to() {
    let place = Place::new("{ replicas: 1 }");
    place.deploy(&[]).success();
    let someone = ["--field-manager=someone", "deployment/probe", "probe=localhost:5000/msvc-test/other:1"];
    place.kubectl(&[&["set", "image"], &someone[..]].concat());
    insta::assert_snapshot!("conflict", place.seen(&place.deploy(&[])));
    insta::assert_snapshot!("drift", place.seen(&place.diff()));
    let forced = place.deploy(&["--force-conflicts"]).success();
    assert!(forced.stdout.contains("configured Deployment/probe"), "{forced}");
    // What someone took away comes back.
    place.kubectl(&["delete", "service", "probe"]);
    let lacking = place.diff();
    assert_eq!((lacking.code, lacking.stdout.as_str()), (Some(3), "+ Service/probe\n"), "{lacking}");
    let healed = place.deploy(&[]).success();
    assert!(healed.stdout.contains("created    Service/probe"), "{healed}");
}

#[test]
#[cfg_attr(not(testbed), ignore = "needs TESTBED=1")]
fn secrets_are_set_before_the_first_deploy_and_never_shown() {
    let place = Place::new("{ replicas: 1, secrets: { API_KEY: { name: keys, key: api } } }");
    let missing = place.msvc(&["secret", "set", "keys"]).run();
    assert_eq!(missing.code, Some(2), "no value on standard input: {missing}");
    set(&place, "open sesame\n");
    let list = place.msvc(&["secret", "list"]).run().success();
    assert_eq!(list.stdout, "exists   keys api  (probe: API_KEY)\n");
    let deployed = place.deploy(&["-v"]).success();
    assert!(!format!("{list}{deployed}").contains("sesame"));
    let value = place.kubectl(&["get", "secret", "keys", "--output", "jsonpath={.data.api}"]);
    assert_eq!(value, "b3BlbiBzZXNhbWU=", "the newline at the end is not part of it");
}

fn set(place: &Place, value: &str) {
    use std::io::Write as _;
    let mut child =
        place.msvc(&["secret", "set", "API_KEY"]).command().stdin(std::process::Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(value.as_bytes()).unwrap();
    assert!(child.wait().unwrap().success());
}
