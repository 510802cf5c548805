//! Bad input and bad worlds: one clear error each, and nothing is changed.

use std::time::{Duration, Instant};

use super::stage::Place;

const DEPLOY: &str = "{ replicas: 1 }";

#[test]
#[cfg_attr(not(testbed), ignore = "needs TESTBED=1")]
fn a_context_that_is_not_there() {
    let place = Place::new(DEPLOY);
    place.says_in("testbad", DEPLOY);
    let output = place.deploy(&[]);
    assert_eq!(output.code, Some(2), "{output}");
    insta::assert_snapshot!("context", place.seen(&output));
    let nowhere = place.deploying(&[]).env("KUBECONFIG", "/nowhere/kubeconfig").run();
    assert_eq!(nowhere.code, Some(2), "{nowhere}");
    insta::assert_snapshot!("no_kubeconfig", place.seen(&nowhere));
}

#[test]
#[cfg_attr(not(testbed), ignore = "needs TESTBED=1")]
fn a_cluster_that_can_not_be_reached() {
    let place = Place::new(DEPLOY);
    let config = std::fs::read_to_string(std::env::var("KUBECONFIG").unwrap()).unwrap();
    let server = regex::Regex::new(r"server: [^,\s]+").unwrap();
    place.write("dead", &server.replace_all(&config, "server: https://127.0.0.1:1"));
    // It takes the connection and says nothing.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("server: https://{}", silent.local_addr().unwrap());
    place.write("silent", &server.replace_all(&config, address.as_str()));
    for config in ["dead", "silent"] {
        let begun = Instant::now();
        let path = place.path().join(config);
        let output = place.deploying(&[]).env("KUBECONFIG", path.to_str().unwrap()).run();
        assert_eq!(output.code, Some(1), "{output}");
        assert!(output.stderr.contains("error: could not reach the cluster of context `testbed`"), "{output}");
        assert!(begun.elapsed() < Duration::from_secs(10), "{config}: {:?}", begun.elapsed());
    }
}

#[test]
#[cfg_attr(not(testbed), ignore = "needs TESTBED=1")]
fn a_user_without_rights() {
    let place = Place::new(DEPLOY);
    place.deploy(&[]).success();
    place.says_in("testbed-viewer", DEPLOY);
    let deploy = place.deploy(&[]);
    insta::assert_snapshot!("forbidden", place.seen(&deploy));
    for command in [&["status"][..], &["logs"], &["delete", "--yes"]] {
        let output = place.msvc(command).run();
        assert_eq!(output.code, Some(1), "{output}");
        assert!(output.stderr.contains("the user of context `testbed-viewer` is not allowed to "), "{output}");
    }
    assert_eq!(place.ready_pods().len(), 1);
}

#[test]
#[cfg_attr(not(testbed), ignore = "needs TESTBED=1")]
fn an_image_that_was_never_pushed_changes_nothing() {
    let place = Place::new(DEPLOY);
    let output = place.msvc(&["deploy", "--image", "localhost:5000/msvc-test/never:1"]).run();
    assert_eq!(output.code, Some(1), "{output}");
    insta::assert_snapshot!("never_pushed", place.seen(&output));
    let status = place.msvc(&["status"]).run().success();
    assert!(status.stdout.contains("no deploy is on record"), "{status}");
}
