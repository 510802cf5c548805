//! A service by gRPC, in a cluster and out of it again.

use serde_json::json;

use super::whole_path::{Forward, Namespace};
use crate::support::Msvc;
use crate::support::rpc::call;

#[test]
#[cfg_attr(not(testbed), ignore = "needs TESTBED=1")]
fn a_grpc_service_is_deployed_called_and_deleted() {
    let namespace = Namespace::new();
    let parent = tempfile::tempdir().unwrap();
    let set = format!("namespace={}", namespace.0);
    let args = ["new", "orders", "--yes", "--template", "grpc", "--set", "context=testbed"];
    let args = [&args[..], &["--set", "registry=localhost:5000", "--set", &set]].concat();
    Msvc::new(parent.path(), &args).run().success();
    let dir = parent.path().join("orders");
    Msvc::new(&dir, &["deploy", "--build"]).run().success();

    let protocol = ["get", "service", "orders", "-o", "jsonpath={.spec.ports[0].appProtocol}"];
    assert_eq!(namespace.kubectl(&protocol), "kubernetes.io/h2c");
    let forward = Forward::to(&namespace, "deployment/orders");
    let order = json!({ "customer": "ada", "item": "lamp", "quantity": 2, "total": "19.90" });
    let created = call(&forward.1, "orders.v1.OrderService/CreateOrder", &json!({ "order": order }));
    let one = json!({ "id": created["message"]["id"] });
    assert_eq!(call(&forward.1, "orders.v1.OrderService/GetOrder", &one), created);
    let health = call(&forward.1, "grpc.health.v1.Health/Check", &json!({ "service": "orders.v1.OrderService" }));
    assert_eq!(health["message"]["status"], json!("SERVING"));

    drop(forward);
    Msvc::new(&dir, &["delete", "--yes"]).run().success();
}
