//! A gateway before a service that runs in the cluster already.

use std::path::Path;

use serde_json::json;

use super::stage::output;
use crate::support::Msvc;

/// Deploys a gateway beside the service `orders`, asks for orders through it, and takes it away again.
pub fn a_gateway_leads_to_orders(parent: &Path, namespace: &str) {
    let set = format!("namespace={namespace}");
    let args = ["new", "entrance", "--yes", "--template", "gateway", "--set", "context=testbed"];
    let args = [&args[..], &["--set", "registry=localhost:5000", "--set", &set]].concat();
    Msvc::new(parent, &args).run().success();
    let dir = parent.join("entrance");
    Msvc::new(&dir, &["deploy", "--build"]).run().success();

    let port = ["get", "service", "entrance", "-o", "jsonpath={.spec.ports[0].nodePort}"];
    let port = output("kubectl", &[&["--context", "testbed", "-n", namespace], &port[..]].concat());
    let at = |path: &str| format!("http://127.0.0.1:{port}{path}");
    let order = json!({"customer": "ada", "item": "lamp", "quantity": 1, "total": "9.90"});
    let mut created = ureq::post(at("/orders")).send_json(&order).unwrap();
    assert_eq!(created.headers()["via"], "1.1 entrance");
    let created: serde_json::Value = created.body_mut().read_json().unwrap();
    let read = ureq::get(at(&format!("/orders/{}", created["id"].as_str().unwrap()))).call();
    assert_eq!(read.unwrap().body_mut().read_json::<serde_json::Value>().unwrap(), created);
    let document = ureq::get(at("/openapi.json")).call().unwrap().body_mut().read_to_string().unwrap();
    assert!(document.contains("#/components/schemas/orders.Order"), "{document}");

    Msvc::new(&dir, &["delete", "--yes"]).run().success();
}
