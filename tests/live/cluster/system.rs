//! A system in a cluster: its services are changed one after the other, as they call each other.

use super::stage::Place;

/// Gateway -> orders -> users, all of the probe's image; `users` as it says below `deploy:`.
fn says(place: &Place, users: &str) {
    let namespace = &place.namespace;
    place.write(
        "msvc.yaml",
        &format!(
            "apiVersion: msvc/v1\nkind: System\nname: shop\nservices: [services/*]\nenvironments: {{ staging: \
             {{ context: testbed, namespace: {namespace}, registry: 'localhost:5000/msvc-test' }} }}\n"
        ),
    );
    let services =
        [("gateway", "[orders]", "{ replicas: 1 }"), ("orders", "[users]", "{ replicas: 1 }"), ("users", "[]", users)];
    for (name, uses, deploy) in services {
        let text = format!(
            "apiVersion: msvc/v1\nkind: Service\nname: {name}\ntemplate: {{ name: rest }}\nuses: {uses}\ndeploy: {deploy}\n"
        );
        place.write(&format!("services/{name}/msvc.yaml"), &text);
    }
    let image = |(name, ..): &(&str, &str, &str)| serde_json::json!({ "service": name, "reference": place.image });
    let images: Vec<serde_json::Value> = services.iter().map(image).collect();
    place.write("images.json", &serde_json::json!({ "images": images }).to_string());
}

const DEPLOY: [&str; 3] = ["deploy", "--images", "images.json"];

#[test]
#[cfg_attr(not(testbed), ignore = "needs TESTBED=1")]
fn services_wait_for_those_that_they_call() {
    let place = Place::new("{}");
    says(&place, "{ replicas: 1, env: { CRASH: '3' } }");
    let failed = place.msvc(&DEPLOY).run();
    assert_eq!(failed.code, Some(1), "{failed}");
    insta::assert_snapshot!("system_that_fails", place.seen(&failed));
    assert_eq!(place.kubectl(&["get", "deployments", "--output", "name"]).trim(), "deployment.apps/users");

    says(&place, "{ replicas: 1 }");
    let mended = place.msvc(&DEPLOY).run().success();
    assert!(mended.stdout.contains("created    Deployment/gateway"), "{mended}");
    assert_eq!(place.ready_pods().len(), 3);
    let again = place.msvc(&DEPLOY).run().success();
    assert!(again.stdout.starts_with("nothing to do"), "{again}");

    // One service alone, and the whole again.
    says(&place, "{ replicas: 2 }");
    let one = place.msvc(&[&DEPLOY[..], &["users"]].concat()).run().success();
    assert!(one.stdout.contains("configured Deployment/users") && !one.stdout.contains("gateway"), "{one}");
    let logs = place.msvc(&["logs"]).run().success();
    for service in ["gateway", "orders", "users"] {
        assert!(logs.stdout.lines().any(|line| line.trim_start().starts_with(service)), "{service} in {logs}");
    }
    let status = place.json(&["status"], "status");
    let ready = status["services"].as_array().unwrap().iter().map(|s| s["ready"].as_u64().unwrap());
    assert_eq!(ready.collect::<Vec<_>>(), [1, 1, 2]);
    place.msvc(&["delete", "--yes"]).run().success();
    assert_eq!(place.rest().iter().filter(|name| !name.starts_with("pod/")).count(), 0, "{:?}", place.rest());
}
